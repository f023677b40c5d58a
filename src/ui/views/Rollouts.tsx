export default function Rollouts() {
  return <p className="empty">Being built.</p>;
}
