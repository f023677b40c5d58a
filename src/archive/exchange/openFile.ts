import { isTensorFile, readCheckpointHead } from '../../host/checkpointFile';
import { fileFrame, poolReader } from '../../host/poolFile';
import type { Frame } from '../../host/protocol';
import { sizeText } from '../full';
import type { Bytes, Config, RunData } from '../types';
import { csvReader, isRunsHeader } from './csvReader';
import { type Figure, figureReader } from './figure';
import { faultOf, MAX_FILE } from './format';
import { readLines, textOf } from './lines';
import { isParquet } from './parquetFile';
import { readRunsParquet } from './parquetReader';
import { isPng, pngText } from './png';
import { runReader } from './runReader';
import { svgText } from './svg';

/** A file with a name, as a drop or a file picker gives it. */
export type NamedFile = Blob & { name: string };

/** What a file turned out to hold. */
export type Dropped =
  | { kind: 'runs'; runs: RunData[] }
  /** `step`: null for a base checkpoint, which training starts from but cannot resume. */
  | { kind: 'checkpoint'; bytes: Bytes; config: Config; step: number | null }
  | { kind: 'figure'; figure: Figure }
  /** A pool of rollouts in the format of `analyze`. */
  | { kind: 'pool'; frame: Frame };

/** Bytes from the start that tell what a file is. */
const HEAD = 65536;

const KNOWN =
  'a run as JSON Lines, CSV or Parquet, a checkpoint, a figure as SVG or PNG with its data inside, or a pool of rollouts as JSON Lines';

/**
 * Reads a file, whatever it is, by its content. Long files are read piece by piece, so that the page stays alive.
 * @throws Error of one sentence that names file, place, value and bound
 */
export async function openFile(file: NamedFile): Promise<Dropped> {
  const { name } = file;
  const fault = faultOf(name);
  if (file.size > MAX_FILE) fault(`is ${sizeText(file.size)} (at most ${sizeText(MAX_FILE)})`);
  if (file.size === 0) fault('is empty');
  try {
    return await read(file);
  } catch (error) {
    if (error instanceof DOMException) fault(`cannot be read (${error.message})`);
    throw error;
  }
}

async function read(file: NamedFile): Promise<Dropped> {
  const { name } = file;
  const fault = faultOf(name);
  const head = new Uint8Array(await file.slice(0, HEAD).arrayBuffer());
  if (isPng(head)) return figure(pngText(file, name), name);
  if (isTensorFile(head)) {
    const { config, step } = await readCheckpointHead(file, name);
    return { kind: 'checkpoint', bytes: new Uint8Array(await file.arrayBuffer()), config, step };
  }
  if (isParquet(head)) return { kind: 'runs', runs: await readRunsParquet(file, name) };
  const text = new TextDecoder().decode(head).trimStart();
  if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)) fault('is UTF-16 text (UTF-8 is read)');
  if (text.startsWith('<')) {
    if (!/<svg[\s>]/.test(text)) fault(`is none of what this page opens: ${KNOWN}`);
    return figure(svgText(await file.text(), name), name);
  }
  const lines = () => textOf(file.stream(), name);
  const [first] = text.split('\n');
  if (isRunsHeader(first)) return { kind: 'runs', runs: await readLines(lines(), name, csvReader(name)) };
  if (!/^\{\s*"/.test(first)) {
    const [commas, next] = text.split('\n', 2).map((row) => row.split(',').length - 1);
    const table = commas > 0 && commas === next && !/[{}[\]\0]/.test(first);
    if (table) fault('is a table that this page did not write: of CSV files it opens those that it exported');
    fault(`is none of what this page opens: ${KNOWN}`);
  }
  if (/^\{\s*"format"\s*:\s*"mcpo-lab figure/.test(first)) return figure(lines(), name);
  if (/"(format|type)"\s*:/.test(first)) return runs(lines(), name);
  if (/"(domain|prompt|reward|embedding)"\s*:/.test(first)) {
    return { kind: 'pool', frame: await fileFrame(await readLines(lines(), name, poolReader(name))) };
  }
  return fault(`is none of what this page opens: ${KNOWN}`);
}

const figure = async (source: AsyncIterable<string>, name: string): Promise<Dropped> => ({
  kind: 'figure',
  figure: await readLines(source, name, figureReader(name)),
});

async function runs(source: AsyncIterable<string>, name: string): Promise<Dropped> {
  const found = await readLines(source, name, runReader(name));
  if (!found.length) faultOf(name)('holds no run');
  return { kind: 'runs', runs: found };
}

/** The figure inside of an SVG or PNG file. @throws Error when there is none */
export async function readFigure(file: Blob, name: string): Promise<Figure> {
  const found = await openFile(Object.assign(file.slice(), { name }));
  return found.kind === 'figure' ? found.figure : faultOf(name)('is no figure');
}
