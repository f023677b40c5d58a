export default function WhatIf() {
  return <p className="empty">Being built.</p>;
}
