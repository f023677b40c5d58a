export default function Interference() {
  return <p className="empty">Being built.</p>;
}
