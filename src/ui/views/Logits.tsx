export default function Logits() {
  return <p className="empty">Being built.</p>;
}
