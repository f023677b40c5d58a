export default function Geometry() {
  return <p className="empty">Being built.</p>;
}
