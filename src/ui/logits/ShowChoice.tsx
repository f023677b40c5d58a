import { setOption } from '../../store/look';
import { OPTIONS } from '../../store/view';
import { useOption } from '../useLab';

/** Curves over the steps, or histograms of one. */
export function ShowChoice() {
  const show = useOption('logits.show');
  return (
    <fieldset className="segments small" aria-label="Show logits">
      {OPTIONS['logits.show'].map((value) => (
        <label key={value}>
          <input type="radio" name="logits.show" checked={show === value} onChange={() => setOption('logits.show', value)} />
          <span>{value === 'curves' ? 'Over time' : 'At one step'}</span>
        </label>
      ))}
    </fieldset>
  );
}
