// What the suites share: the client under test, the tiny archive and its golden vectors.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { Client } from '@opensearch-project/opensearch';

/** A gateway each, with commas: the client goes from one to the next. Every one serves models too. */
const gateways = (process.env.MLCLUSTER_URL ?? 'http://127.0.0.1:9200').split(',');
const archives = fileURLToPath(new URL('../../archives/', import.meta.url));
const deadline = 60_000;

export const chunkBytes = 4_000;
export const archiveOf = name => readFileSync(`${archives}${name}.zip`);
export const archive = archiveOf('tiny-sentence-transformer');
export const archiveUrl = `file://${archives}tiny-sentence-transformer.zip`;
export const golden = readFileSync(`${archives}golden.jsonl`, 'utf8').trim().split('\n').map(line => JSON.parse(line));
export const modelConfig = {
  model_type: 'bert', embedding_dimension: 8, framework_type: 'sentence_transformers',
};

export const newClient = options => new Client({ nodes: gateways, maxRetries: 0, ...options });

export const client = newClient();

/** Something once for each node. */
export const onEveryNode = word => gateways.map(() => word);

/** The fields of a registration by chunks. */
export function meta(name, bytes = archive) {
  return {
    name,
    version: '1.0.0',
    model_format: 'TORCH_SCRIPT',
    model_config: modelConfig,
    model_content_hash_value: createHash('sha256').update(bytes).digest('hex'),
    total_chunks: Math.ceil(bytes.length / chunkBytes),
  };
}

/** Calls back with each chunk's number and bytes, the last one first: the order is the client's choice. */
export async function eachChunk(send, bytes = archive) {
  for (let number = Math.ceil(bytes.length / chunkBytes) - 1; number >= 0; number--) {
    await send(number, bytes.subarray(number * chunkBytes, (number + 1) * chunkBytes));
  }
}

/** Asks until it is so; says what was waited for when it never is. */
export async function until(what, ask) {
  const end = Date.now() + deadline;
  for (;;) {
    const found = await ask();
    if (found) {
      return found;
    }

    assert.ok(Date.now() < end, `${what} did not happen within ${deadline} ms`);
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}

/** The document of a task that has ended. */
export function finished(taskId) {
  return until(`the end of task ${taskId}`, async () => {
    const { body } = await client.ml.getTask({ task_id: taskId });
    return ['COMPLETED', 'COMPLETED_WITH_ERROR', 'FAILED', 'CANCELLED'].includes(body.state) && body;
  });
}

/** Serves the tiny model's archive to one download, the end of it when it is told to. */
export async function heldBack() {
  let finish;
  const told = new Promise(resolve => { finish = resolve; });
  const server = createServer(async (_, response) => {
    response.writeHead(200, { 'content-length': archive.length, connection: 'close' });
    response.write(archive.subarray(0, archive.length - 1));
    await told;
    response.end(archive.subarray(archive.length - 1));
    server.close();
  });
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${server.address().port}/archive.zip`, finish };
}

/** Uploads a model in chunks, the tiny one if no other; gives its id once it is registered. */
export async function uploaded(name, bytes = archive) {
  const { body } = await client.ml.registerModelMeta({ body: meta(name, bytes) });
  await eachChunk((number, chunk) => client.ml.uploadChunk({
    model_id: body.model_id, chunk_number: number, body: chunk,
  }, { headers: { 'content-type': 'application/json' } }), bytes);
  await until('the registration', async () =>
    (await client.ml.getModel({ model_id: body.model_id })).body.model_state === 'REGISTERED');
  return body.model_id;
}

/** Waits until every gateway knows who serves a model: the end of its task is no promise about the others. */
export async function served(id) {
  for (const gateway of gateways) {
    const one = newClient({ nodes: [gateway] });
    await until(`a prediction through ${gateway}`, () => one.ml
      .predictModel({ model_id: id, body: { text_docs: ['today is sunny'] } })
      .catch(error => assert.match(error.message, /retry later|Model not ready/)));
    await one.close();
  }
}

/** Uploads and loads the tiny model. */
export async function deployed(name) {
  const id = await uploaded(name);
  const { body } = await client.ml.deployModel({ model_id: id });
  const task = await finished(body.task_id);
  assert.equal(task.state, 'COMPLETED', JSON.stringify(task));
  await served(id);
  return id;
}

/** The sentence embeddings of an answer of predict. */
export function vectors(body) {
  return body.inference_results.map(result =>
    result.output.find(output => output.name === 'sentence_embedding').data);
}

export function assertClose(actual, expected) {
  assert.equal(actual.length, expected.length);
  actual.forEach((value, i) => assert.ok(Math.abs(value - expected[i]) < 1e-4, `${i}: ${value}, not ${expected[i]}`));
}

/** Asserts that a call fails as OpenSearch's would. */
export async function refused(call, status, type, reason) {
  await assert.rejects(call, error => {
    assert.equal(error.meta.statusCode, status, JSON.stringify(error.meta.body));
    assert.equal(error.meta.body.status, status);
    assert.equal(error.meta.body.error.type, type);
    assert.match(error.meta.body.error.reason, reason);
    return true;
  });
}
