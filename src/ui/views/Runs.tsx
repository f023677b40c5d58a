export default function Runs() {
  return <p className="empty">Being built.</p>;
}
