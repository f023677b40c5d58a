import { useState } from 'react';
import { chosen } from '../../store/changes';
import { choosePreset, setRace } from '../../store/edits';
import { DUEL } from '../shell/races';
import { useFocusedLane, useLab } from '../useLab';
import './noEmbedding.css';

/** For methods without a projection head: why there is nothing to see, and two ways to something. */
export function NoEmbedding() {
  const method = chosen(useFocusedLane().presets, 'method')?.label ?? 'This method';
  const raced = useLab((s) => s.race !== null);
  const [fault, setFault] = useState('');
  const attempt = (act: () => void) => {
    try {
      act();
      setFault('');
    } catch (error) {
      setFault((error as Error).message);
    }
  };
  return (
    <section className="panel no-embedding" aria-label="Logits">
      <div>
        <h2>{raced ? 'None of these lanes trains an embedding' : `${method} trains no embedding`}</h2>
        <p>
          A logit compares the embeddings of two rollouts, and an embedding comes from the projection head that the contrastive
          loss trains. Here λ is 0 and there is no head. Either press begins anew; what was trained stays for comparison.
        </p>
        <p className="fault" role="alert">
          {fault}
        </p>
      </div>
      <div className="acts">
        <button type="button" className="primary" onClick={() => attempt(() => setRace(DUEL))}>
          Race GRPO and MCPO-GRPO
        </button>
        <button type="button" onClick={() => attempt(() => choosePreset('mcpo-grpo'))}>
          Choose MCPO-GRPO
        </button>
      </div>
    </section>
  );
}
