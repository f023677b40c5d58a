import { useSweep } from '../useSweep';
import { type Model, sayPoint } from './model';

/** What the lit point is, at the foot of the window; read out by the pictures themselves. */
export function ReadOut({ model }: { model: Model }) {
  const highlight = useSweep((s) => s.highlight);
  if (highlight === null || highlight >= model.points.length) return null;
  return (
    <p className="point-read-out" aria-hidden="true">
      {sayPoint(model, highlight)}
    </p>
  );
}
