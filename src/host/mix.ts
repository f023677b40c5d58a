/** Shares of the domains in a text; for the store, which checks what the user types. */
export { parseMix } from '../tasks/registry';
