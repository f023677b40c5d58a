// Samples every response of a batch with a policy of gated recurrent units, in one dispatch. Tokens, random numbers and outputs are
// those of `sample`: token t of a rollout = argmax_v (z_v - log(-log u_v)), z = logits / T, with
// u_v = randomUnit(seed, STREAM_TOKEN, step, (rollout * responseLength + t) * vocabulary + v); temperature T = 0 takes argmax z. Rollouts
// are numbered over all rounds of a step: rollout = (round * prompts + prompt) * group + j. The units are those of `gru`.
//   parameters  f32[stride]; a layer holds W_ih [3H, H], W_hh [3H, H] and a bias [3H]; H = width
//   prompt      u32[prompts, promptLength]; first token NONE: an empty place, whose outputs are left as they are
//   hidden      f32[prompts * ceil(group / columns), columns * ((2 layers + 2) H + vocabulary)]: two residual streams, two states
//               of each layer, logits; each by column
//   response    u32[rounds, prompts * group, responseLength], row `round`: tokens, 0 after eos
//   length      u32[rounds, prompts * group], eos included
//   logp        f32[rounds, prompts * group, responseLength]: log softmax(z)[token], T = 1 where it is 0; 0 after eos
//   hyper, state  temperature; seed and step
// A workgroup samples up to `columns` <= 8 rollouts of one prompt, a column each. It reads the prompt in column 0, gives the states
// at its end to all columns, then reads one token of each rollout at a time, and stops when all have ended. A layer reads one
// residual stream and one state and writes the others. width and vocabulary are multiples of 4.
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
  vocabulary: u32,
  promptLength: u32,
  responseLength: u32,
  columns: u32,
  round: u32,
  rounds: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> parameters: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> prompt: array<u32>;
@group(0) @binding(3) var<storage, read_write> hidden: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read_write> response: array<u32>;
@group(0) @binding(5) var<storage, read_write> length: array<u32>;
@group(0) @binding(6) var<storage, read_write> logp: array<f32>;
@group(0) @binding(7) var<storage, read> hyper: array<f32>;
@group(0) @binding(8) var<storage, read> state: array<u32>;

const MAX_COLUMNS = 8u;
var<workgroup> token: array<u32, MAX_COLUMNS>;
var<workgroup> ended: array<u32, MAX_COLUMNS>;
var<workgroup> running: u32;
// Partial results of the threads that share a column's vocabulary.
var<workgroup> best: array<vec4<f32>, 64>;

// First vec4 of four columns from c in a region of `hidden`; the last of `live` columns stands in for those beyond it.
fn columnsFrom(region: u32, c: u32, live: u32) -> vec4<u32> {
  return region + min(vec4<u32>(c, c + 1u, c + 2u, c + 3u), vec4<u32>(live - 1u)) * (params.width / 4u);
}

// What the columns are multiplied by to be normalised.
fn normScale(x: vec4<u32>) -> vec4<f32> {
  var squares = vec4<f32>();
  for (var k = 0u; k < params.width / 4u; k++) {
    let x0 = hidden[x.x + k];
    let x1 = hidden[x.y + k];
    let x2 = hidden[x.z + k];
    let x3 = hidden[x.w + k];
    squares += vec4<f32>(dot(x0, x0), dot(x1, x1), dot(x2, x2), dot(x3, x3));
  }
  return inverseSqrt(squares / f32(params.width) + 1e-6);
}

// One column's channels of a layer. The new state goes to `copies` columns.
fn cell(fromR: vec4<f32>, fromZ: vec4<f32>, a: vec4<f32>, fromN: vec4<f32>, was: u32, to: u32, copies: u32, x: u32, xTo: u32) {
  let r = openness(fromR);
  let z = openness(fromZ);
  let n = squash(a + r * fromN);
  let h = (1.0 - z) * n + z * hidden[was];
  for (var j = 0u; j < copies; j++) {
    hidden[to + j * (params.width / 4u)] = h;
  }
  hidden[xTo] = hidden[x] + h;
}

@compute @workgroup_size(64)
fn sampleGru(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let run = group.z;
  let columns = params.columns;
  let teams = (params.group + columns - 1u) / columns;
  let p = group.x / teams;
  let first = group.x % teams * columns;
  if (prompt[(run * params.prompts + p) * params.promptLength] == NONE) {
    return;
  }
  let batch = (run * params.rounds + params.round) * params.prompts * params.group;
  let members = min(columns, params.group - first);
  let weights = run * params.stride / 4u;
  let width4 = params.width / 4u;
  let vocabulary4 = params.vocabulary / 4u;
  let region = columns * width4;
  let residual = (run * params.prompts * teams + group.x) * columns * ((2u * params.layers + 2u) * width4 + vocabulary4);
  let states = residual + 2u * region;
  let logits = states + 2u * params.layers * region;
  let heat = hyper[run * HYPER_SIZE + HYPER_ROLLOUT_TEMPERATURE];
  let sharpness = select(1.0, 1.0 / max(heat, 1e-9), heat > 0.0);
  let seed = state[run * STATE_SIZE + STATE_SEED];
  let step = state[run * STATE_SIZE + STATE_STEP];
  // Threads that share the vocabulary of one column when sampling.
  let share = 64u / columns;
  let six = 2u * min(3u, params.width); // known at run time only: a loop that stays one keeps the shader short to compile

  let mine = (batch + p * params.group + first) * params.responseLength;
  for (var i = lane; i < members * params.responseLength; i += 64u) {
    response[mine + i] = 0u;
    logp[mine + i] = 0.0;
  }
  for (var i = lane; i < params.layers * width4; i += 64u) {
    hidden[states + i / width4 * 2u * region + i % width4] = vec4<f32>();
  }
  if (lane < members) {
    ended[lane] = 0u;
    length[batch + p * params.group + first + lane] = params.responseLength;
  }

  // Passes 0 to promptLength - 1 read the prompt; pass promptLength + t reads token t of each rollout. After it comes token t + 1.
  for (var pass_ = 0u; pass_ + 1u < params.promptLength + params.responseLength; pass_++) {
    let reading = pass_ < params.promptLength;
    let live = select(members, 1u, reading);
    if (reading && lane == 0u) {
      token[0] = prompt[(run * params.prompts + p) * params.promptLength + pass_];
    }
    storageBarrier();
    workgroupBarrier();
    for (var item = lane; item < live * width4; item += 64u) {
      let channel = weights + item % width4;
      hidden[residual + item] = parameters[channel + params.tokenEmbedding / 4u + token[item / width4] * width4] +
        parameters[channel + params.positionEmbedding / 4u + pass_ * width4];
    }
    storageBarrier();
    // The layers, then, where a token follows, the output matrix: one loop, so that compilers see `gateTile` once.
    let stages = params.layers + select(1u, 0u, pass_ + 1u < params.promptLength);
    let copies = select(1u, members, pass_ + 1u == params.promptLength);
    for (var l = 0u; l < stages; l++) {
      let toLogits = l == params.layers;
      let x = residual + l % 2u * region;
      let xTo = residual + (1u - l % 2u) * region;
      let was = states + (2u * l + pass_ % 2u) * region;
      let to = states + (2u * l + 1u - pass_ % 2u) * region;
      let outputs4 = select(width4, vocabulary4, toLogits);
      let products = select(six, 1u, toLogits);
      var matrix = weights + (params.firstLayer + l * params.layerStride) / 4u;
      if (toLogits) {
        matrix = weights + params.output / 4u;
      }
      for (var item = lane; item < outputs4 * ((live + 3u) / 4u); item += 64u) {
        let output = item % outputs4;
        let c = item / outputs4 * 4u;
        let xs = columnsFrom(x, c, live);
        let hs = columnsFrom(was, c, live);
        let scale = normScale(xs);
        // W_ih x + b for r, z, n, then W_hh h for r, z, n.
        var r: mat4x4<f32>;
        var z: mat4x4<f32>;
        var n: mat4x4<f32>;
        var a: mat4x4<f32>;
        for (var product = 0u; product < products; product++) {
          let ofState = product >= 3u;
          var tile = gateTile(matrix + (product * width4 + output) * params.width, select(xs, hs, ofState), width4, live == 1u);
          if (!ofState) {
            var bias = vec4<f32>();
            if (!toLogits) {
              bias = parameters[matrix + (6u * params.width + product) * width4 + output];
            }
            tile = mat4x4<f32>(tile[0] * scale.x + bias, tile[1] * scale.y + bias, tile[2] * scale.z + bias, tile[3] * scale.w + bias);
          }
          // r and z add both parts up.
          if (product == 0u) {
            r = tile;
          } else if (product == 1u) {
            z = tile;
          } else if (product == 2u) {
            a = tile;
          } else if (product == 3u) {
            r += tile;
          } else if (product == 4u) {
            z += tile;
          } else {
            n = tile;
          }
        }
        let count = min(4u, live - c);
        for (var i = 0u; i < count; i++) {
          if (toLogits) {
            hidden[logits + (c + i) * vocabulary4 + output] = pickColumn(r, i);
          } else {
            let at = (c + i) * width4 + output;
            cell(pickColumn(r, i), pickColumn(z, i), pickColumn(a, i), pickColumn(n, i), was + at, to + at, copies, x + at, xTo + at);
          }
        }
      }
      storageBarrier();
    }
    if (pass_ + 1u < params.promptLength) {
      continue;
    }

    // Token t of each rollout. The first one follows the prompt, which column 0 read for all.
    let t = pass_ + 1u - params.promptLength;
    let c = lane / share;
    if (c < members) {
      let row = logits + select(c, 0u, t == 0u) * vocabulary4;
      let rollout = (params.round * params.prompts + p) * params.group + first + c;
      var found = NOTHING_DRAWN;
      for (var v = lane % share; v < params.vocabulary; v += share) {
        let z = hidden[row + v / 4u][v % 4u] * sharpness;
        var score = z;
        if (heat > 0.0) {
          score -= log(exponential(randomUnit(seed, STREAM_TOKEN, step, (rollout * params.responseLength + t) * params.vocabulary + v)));
        }
        found = addEntry(found, v, score, z);
      }
      best[lane] = found;
    }
    workgroupBarrier();
    if (lane < members && ended[lane] == 0u) {
      var found = best[lane * share];
      for (var i = 1u; i < share; i++) {
        found = joinDrawn(found, best[lane * share + i]);
      }
      let v = u32(found.y);
      let row = logits + select(lane, 0u, t == 0u) * vocabulary4;
      let at = mine + lane * params.responseLength + t;
      response[at] = v;
      logp[at] = hidden[row + v / 4u][v % 4u] * sharpness - found.z - log(found.w);
      token[lane] = v;
      if (v == params.eos) {
        ended[lane] = 1u;
        length[batch + p * params.group + first + lane] = t + 1u;
      }
    }
    workgroupBarrier();
    if (lane == 0u) {
      running = 0u;
      for (var i = 0u; i < members; i++) {
        running += 1u - ended[i];
      }
    }
    if (workgroupUniformLoad(&running) == 0u) {
      break;
    }
  }
}
