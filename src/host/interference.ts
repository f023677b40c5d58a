export { type BlockInterference, type Interference, type ModuleInterference, summarise } from '../engine/interference';
