// Samples every response of a batch in one dispatch: token t of a rollout = argmax_v (z_v - log(-log u_v)), z = logits / T, with
// u_v = randomUnit(seed, STREAM_TOKEN, step, (rollout * responseLength + t) * vocabulary + v); temperature T = 0 takes argmax z. Rollouts
// are numbered over all rounds of a step: rollout = (round * prompts + prompt) * group + j.
//   parameters  f32[stride]; a layer holds qkv [3H, H], out [H, H], up [4H, H], down [H, 4H]; H = width
//   prompt      u32[prompts, promptLength]; first token NONE: an empty place, whose outputs are left as they are
//   cache       f32[prompts * ceil(group / columns), layers, promptLength + columns * responseLength, 2H]: keys and values
//   response    u32[rounds, prompts * group, responseLength], row `round`: tokens, 0 after eos
//   length      u32[rounds, prompts * group], eos included
//   logp        f32[rounds, prompts * group, responseLength]: log softmax(z)[token], T = 1 where it is 0; 0 after eos
//   hyper, state  temperature; seed and step
// A workgroup samples up to `columns` rollouts of one prompt. It first reads the prompt, `columns` positions at a time, then one
// token of each rollout at a time, and stops when all have ended. A column is a position or a rollout; the activations of all
// columns lie in workgroup memory. Keys and values of column c at response token t have the cache slot promptLength +
// c * responseLength + t. columns is a multiple of 4, or less than 4; width / heads and vocabulary are multiples of 4.
// Grid (prompts * ceil(group / columns), 1, runs), 64 threads.

struct Params {
  prompts: u32,
  group: u32,
  layers: u32,
  tokenEmbedding: u32,
  positionEmbedding: u32,
  firstLayer: u32,
  layerStride: u32,
  output: u32,
  stride: u32,
  eos: u32,
  width: u32,
  heads: u32,
  vocabulary: u32,
  promptLength: u32,
  responseLength: u32,
  round: u32,
  rounds: u32,
}

override columns: u32;
override width: u32;
override heads: u32;
override vocabulary: u32;
override promptLength: u32;
override responseLength: u32;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> parameters: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> prompt: array<u32>;
@group(0) @binding(3) var<storage, read_write> cache: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read_write> response: array<u32>;
@group(0) @binding(5) var<storage, read_write> length: array<u32>;
@group(0) @binding(6) var<storage, read_write> logp: array<f32>;
@group(0) @binding(7) var<storage, read> hyper: array<f32>;
@group(0) @binding(8) var<storage, read> state: array<u32>;

// Regions of `memory`: residual stream, attention output, then queries, MLP activations or logits.
override MIXED = columns * width / 4u;
override WIDE = columns * width / 2u;
var<workgroup> memory: array<vec4<f32>, WIDE + columns * max(width, vocabulary / 4u)>;
var<workgroup> scores: array<f32, columns * heads * (promptLength + responseLength)>;
var<workgroup> token: array<u32, columns>;
var<workgroup> position: array<u32, columns>;
// Cache slot of the column's keys and values; 0xffffffff: an idle column.
var<workgroup> slot: array<u32, columns>;
var<workgroup> ended: array<u32, columns>;
var<workgroup> running: u32;
// Partial results of the threads that share a column's vocabulary.
var<workgroup> best: array<vec4<f32>, 64>;

const IDLE = 0xffffffffu;
const QKV = 0u;
const RESIDUAL = 1u;
const MLP = 2u;
const LOGITS = 3u;

// Loop bounds come from `params`, not from the overrides: compilers unroll constant loops without measure.
fn width4() -> u32 {
  return params.width / 4u;
}
fn head4() -> u32 {
  return params.width / 4u / params.heads;
}
fn vocabulary4() -> u32 {
  return params.vocabulary / 4u;
}

fn store(mode: u32, c: u32, output: u32, value: vec4<f32>, layerCache: u32) {
  if (mode == RESIDUAL) {
    memory[c * width4() + output] += value;
  } else if (mode == MLP) {
    let positive = max(value, vec4<f32>());
    memory[WIDE + c * params.width + output] = positive * positive;
  } else if (mode == LOGITS) {
    memory[WIDE + c * vocabulary4() + output] = value;
  } else if (output < width4()) {
    memory[WIDE + c * width4() + output] = value;
  } else if (slot[c] != IDLE) {
    cache[layerCache + slot[c] * 2u * width4() + output - width4()] = value;
  }
}

// y = W x for all columns; the modes that read the residual stream normalise it (W (x inv) = inv W x). A thread makes 4 outputs
// of 4 columns at a time.
fn apply(lane: u32, mode: u32, weights: u32, source: u32, inputs4: u32, outputs4: u32, layerCache: u32) {
  let blocks = (columns + 3u) / 4u;
  for (var item = lane; item < outputs4 * blocks; item += 64u) {
    let output = item % outputs4;
    let c = item / outputs4 * 4u;
    let w = weights + output * 4u * inputs4;
    let x = source + c * inputs4;
    var y0 = vec4<f32>();
    var y1 = vec4<f32>();
    var y2 = vec4<f32>();
    var y3 = vec4<f32>();
    var squares = vec4<f32>();
    for (var k = 0u; k < inputs4; k++) {
      let w0 = parameters[w + k];
      let w1 = parameters[w + k + inputs4];
      let w2 = parameters[w + k + 2u * inputs4];
      let w3 = parameters[w + k + 3u * inputs4];
      let x0 = memory[x + k];
      y0 += vec4<f32>(dot(x0, w0), dot(x0, w1), dot(x0, w2), dot(x0, w3));
      var square = vec4<f32>(dot(x0, x0), 0.0, 0.0, 0.0);
      if (columns > 1u) {
        let x1 = memory[x + k + inputs4];
        y1 += vec4<f32>(dot(x1, w0), dot(x1, w1), dot(x1, w2), dot(x1, w3));
        square.y = dot(x1, x1);
      }
      if (columns > 2u) {
        let x2 = memory[x + k + 2u * inputs4];
        y2 += vec4<f32>(dot(x2, w0), dot(x2, w1), dot(x2, w2), dot(x2, w3));
        square.z = dot(x2, x2);
      }
      if (columns > 3u) {
        let x3 = memory[x + k + 3u * inputs4];
        y3 += vec4<f32>(dot(x3, w0), dot(x3, w1), dot(x3, w2), dot(x3, w3));
        square.w = dot(x3, x3);
      }
      squares += square;
    }
    let scale = select(inverseSqrt(squares / f32(params.width) + 1e-6), vec4<f32>(1.0), mode == RESIDUAL);
    store(mode, c, output, y0 * scale.x, layerCache);
    if (columns > 1u) {
      store(mode, c + 1u, output, y1 * scale.y, layerCache);
    }
    if (columns > 2u) {
      store(mode, c + 2u, output, y2 * scale.z, layerCache);
    }
    if (columns > 3u) {
      store(mode, c + 3u, output, y3 * scale.w, layerCache);
    }
  }
}

// Cache slot of the key at position `key` as column c sees it.
fn slotOf(c: u32, key: u32) -> u32 {
  return select(key, params.promptLength + c * params.responseLength + key - params.promptLength, key >= params.promptLength);
}

// Causal attention of every column over the cached keys, up to `keys` of them.
fn attend(lane: u32, layerCache: u32, keys: u32) {
  let scale = inverseSqrt(f32(4u * head4()));
  for (var item = lane; item < columns * params.heads * keys; item += 64u) {
    let key = item % keys;
    let head = item / keys;
    let c = head / params.heads;
    if (key <= position[c]) {
      let q = WIDE + c * width4() + head % params.heads * head4();
      let k = layerCache + slotOf(c, key) * 2u * width4() + head % params.heads * head4();
      var score = 0.0;
      for (var d = 0u; d < head4(); d++) {
        score += dot(memory[q + d], cache[k + d]);
      }
      scores[head * (params.promptLength + params.responseLength) + key] = score * scale;
    }
  }
  workgroupBarrier();
  for (var item = lane; item < columns * width4(); item += 64u) {
    let c = item / width4();
    let channel = item % width4();
    let row = (c * params.heads + channel / head4()) * (params.promptLength + params.responseLength);
    var top = -1e30;
    for (var key = 0u; key <= position[c]; key++) {
      top = max(top, scores[row + key]);
    }
    var sum = 0.0;
    var mixed = vec4<f32>();
    for (var key = 0u; key <= position[c]; key++) {
      let p = exp(scores[row + key] - top);
      sum += p;
      mixed += p * cache[layerCache + (slotOf(c, key) * 2u + 1u) * width4() + channel];
    }
    memory[MIXED + item] = mixed / sum;
  }
}

@compute @workgroup_size(64)
fn sample(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let run = group.z;
  let teams = (params.group + columns - 1u) / columns;
  let p = group.x / teams;
  let first = group.x % teams * columns;
  if (prompt[(run * params.prompts + p) * params.promptLength] == NONE) {
    return;
  }
  let batch = (run * params.rounds + params.round) * params.prompts * params.group;
  let members = min(columns, params.group - first);
  let weights = run * params.stride / 4u;
  let layerSize = (params.promptLength + columns * params.responseLength) * 2u * width4();
  let teamCache = (run * params.prompts * teams + group.x) * params.layers * layerSize;
  let heat = hyper[run * HYPER_SIZE + HYPER_ROLLOUT_TEMPERATURE];
  let sharpness = select(1.0, 1.0 / max(heat, 1e-9), heat > 0.0);
  let seed = state[run * STATE_SIZE + STATE_SEED];
  let step = state[run * STATE_SIZE + STATE_STEP];
  // Threads that share the vocabulary of one column when sampling.
  let share = 64u / columns;

  let mine = (batch + p * params.group + first) * params.responseLength;
  for (var i = lane; i < members * params.responseLength; i += 64u) {
    response[mine + i] = 0u;
    logp[mine + i] = 0.0;
  }
  if (lane < columns) {
    ended[lane] = select(1u, 0u, lane < members);
  }
  if (lane < members) {
    length[batch + p * params.group + first + lane] = params.responseLength;
  }
  if (lane == 0u) {
    running = members;
  }

  // Passes 0 to chunks - 1 read the prompt; pass chunks + t reads token t of each rollout.
  let chunks = (params.promptLength + columns - 1u) / columns;
  for (var pass_ = 0u; pass_ < chunks + params.responseLength - 1u; pass_++) {
    let reading = pass_ < chunks;
    let t = select(pass_ + 1u - chunks, 0u, reading);
    if (lane < columns) {
      var at = params.promptLength + t - 1u;
      var home = params.promptLength + lane * params.responseLength + t - 1u;
      if (reading) {
        at = pass_ * columns + lane;
        home = select(IDLE, at, at < params.promptLength);
        at = min(at, params.promptLength - 1u);
        token[lane] = prompt[(run * params.prompts + p) * params.promptLength + at];
      }
      position[lane] = at;
      slot[lane] = home;
    }
    workgroupBarrier();
    for (var item = lane; item < columns * width4(); item += 64u) {
      let c = item / width4();
      let channel = weights + item % width4();
      memory[item] = parameters[channel + params.tokenEmbedding / 4u + token[c] * width4()] +
        parameters[channel + params.positionEmbedding / 4u + position[c] * width4()];
    }
    workgroupBarrier();
    let keys = select(params.promptLength + t, min((pass_ + 1u) * columns, params.promptLength), reading);
    // Four matrices a layer, then the output matrix: one loop, so that compilers see `apply` once.
    let last = 4u * params.layers;
    let stages = select(last + 1u, last, pass_ + 1u < chunks);
    for (var stage = 0u; stage < stages; stage++) {
      let kind = stage % 4u;
      let layerCache = teamCache + stage / 4u * layerSize;
      let square = params.width * width4();
      var matrix = weights + (params.firstLayer + stage / 4u * params.layerStride) / 4u;
      var mode = QKV;
      var source = 0u;
      var inputs4 = width4();
      var outputs4 = 3u * width4();
      if (stage == last) {
        mode = LOGITS;
        matrix = weights + params.output / 4u;
        outputs4 = vocabulary4();
      } else if (kind == 1u) {
        mode = RESIDUAL;
        matrix += 3u * square;
        source = MIXED;
        outputs4 = width4();
      } else if (kind == 2u) {
        mode = MLP;
        matrix += 4u * square;
        outputs4 = params.width;
      } else if (kind == 3u) {
        mode = RESIDUAL;
        matrix += 8u * square;
        source = WIDE;
        inputs4 = params.width;
        outputs4 = width4();
      }
      apply(lane, mode, matrix, source, inputs4, outputs4, layerCache);
      storageBarrier();
      workgroupBarrier();
      if (mode == QKV) {
        attend(lane, layerCache, keys);
        workgroupBarrier();
      }
    }
    if (pass_ + 1u < chunks) {
      continue;
    }

    // Token t. The first one follows the last prompt position, whichever column held it.
    let c = lane / share;
    if (c < columns) {
      let row = WIDE + select(c, (params.promptLength - 1u) % columns, t == 0u) * vocabulary4();
      let rollout = (params.round * params.prompts + p) * params.group + first + c;
      var found = NOTHING_DRAWN;
      for (var v = lane % share; v < params.vocabulary; v += share) {
        let z = memory[row + v / 4u][v % 4u] * sharpness;
        var score = z;
        if (heat > 0.0) {
          score -= log(exponential(randomUnit(seed, STREAM_TOKEN, step, (rollout * params.responseLength + t) * params.vocabulary + v)));
        }
        found = addEntry(found, v, score, z);
      }
      best[lane] = found;
    }
    workgroupBarrier();
    if (lane < columns && ended[lane] == 0u) {
      var found = best[lane * share];
      for (var i = 1u; i < share; i++) {
        found = joinDrawn(found, best[lane * share + i]);
      }
      let v = u32(found.y);
      let row = WIDE + select(lane, (params.promptLength - 1u) % columns, t == 0u) * vocabulary4();
      let at = mine + lane * params.responseLength + t;
      response[at] = v;
      logp[at] = memory[row + v / 4u][v % 4u] * sharpness - found.z - log(found.w);
      token[lane] = v;
      if (v == params.eos) {
        ended[lane] = 1u;
        length[batch + p * params.group + first + lane] = t + 1u;
      }
    }
    workgroupBarrier();
    if (lane == 0u) {
      running = 0u;
      for (var i = 0u; i < columns; i++) {
        running += 1u - ended[i];
      }
    }
    if (workgroupUniformLoad(&running) == 0u) {
      break;
    }
  }
}
