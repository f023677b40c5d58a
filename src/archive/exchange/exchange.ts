export { runsCsv, tableCsv } from './csv';
export type { Figure } from './figure';
export { MAX_FILE } from './format';
export { type Dropped, type NamedFile, openFile, readFigure } from './openFile';
export { runsParquet } from './parquet';
export { embedInPng } from './png';
export { runsJsonLines } from './runLines';
export { embedInSvg } from './svg';
export type { Cell } from './table';
