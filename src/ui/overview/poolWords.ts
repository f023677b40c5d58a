export const TITLE = 'Map of the pool';
export const HINT =
  'The rollouts of the last mini-batch where the projection head puts them, on their first two principal components. Filled: correct. Press a rollout to see what pulls and pushes it.';
/** What is added to the hint where another lane than the chosen one is shown. */
export const SIDE = 'The chosen lane trains no embedding: this is the first lane that does.';
/** What stands for the map before the first step. */
export const BEFORE = 'Press Play: the first step’s rollouts show here.';
