import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';

/** What the pictures of the sweep share beyond the store. */
interface Opened {
  /** Point whose card is open, and the place that it was opened at, px of the window. */
  card: { point: number; x: number; y: number } | null;
  /** The two points that are compared; null: the best and its rival. */
  pair: readonly [number, number] | null;
}

const opened = createStore<Opened>(() => ({ card: null, pair: null }));
export const useOpened = <T>(pick: (state: Opened) => T): T => useStore(opened, pick);

/** Opens a point's card beside a place of the window; null closes it. */
export const openCard = (card: Opened['card']): void => opened.setState({ card });
/** Chooses what is compared. */
export const comparePair = (pair: Opened['pair']): void => opened.setState({ pair });
