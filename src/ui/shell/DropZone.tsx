import { useEffect, useState } from 'react';
import { complain } from '../../store/look';
import './drop.css';

const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;

/** The whole page takes files that are dropped on it. */
export function DropZone() {
  const [over, setOver] = useState(false);
  useEffect(() => {
    // Leaving an element for one inside it tells of both: the page is left when as many were left as entered.
    let inside = 0;
    const enter = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      inside++;
      setOver(true);
    };
    const leave = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      inside = Math.max(0, inside - 1);
      if (!inside) setOver(false);
    };
    const move = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy';
    };
    const drop = async (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      inside = 0;
      setOver(false);
      const files = [...(event.dataTransfer?.files ?? [])];
      try {
        // What reads files loads with the first of them.
        const { takeDropped } = await import('./dropped');
        if (!(await takeDropped(files))) window.scrollTo({ top: 0 });
      } catch (error) {
        complain(`The files could not be read: ${(error as Error).message}`);
      }
    };
    window.addEventListener('dragenter', enter);
    window.addEventListener('dragleave', leave);
    window.addEventListener('dragover', move);
    window.addEventListener('drop', drop);
    return () => {
      window.removeEventListener('dragenter', enter);
      window.removeEventListener('dragleave', leave);
      window.removeEventListener('dragover', move);
      window.removeEventListener('drop', drop);
    };
  }, []);
  if (!over) return null;
  return (
    <div className="drop-zone" aria-hidden="true">
      <p>
        <strong>Drop to open</strong>
        <br />
        Runs, sweeps, checkpoints, figures, pools of rollouts
      </p>
    </div>
  );
}
