// Tasks, and the endpoints around the models that clients call first.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { client, finished, newClient, onEveryNode, refused, uploaded } from '../support/cluster.js';

test('getTask, getProfileTasks, deleteTask', async () => {
  const model = await uploaded('with a task');
  const { body } = await client.ml.deployModel({ model_id: model });
  const task = await finished(body.task_id);
  assert.equal(task.model_id, model);
  assert.equal(task.function_name, 'TEXT_EMBEDDING');
  assert.equal((await client.ml.getProfileTasks({ task_id: body.task_id })).statusCode, 200);

  const deleted = await client.ml.deleteTask({ task_id: body.task_id });

  assert.equal(deleted.body.result, 'deleted');
  await refused(() => client.ml.getTask({ task_id: body.task_id }), 404, 'status_exception', /Failed to find task/);
});

test('info, ping, cluster.health, cat.nodes, nodes.info', async () => {
  const info = await client.info();
  assert.equal(info.body.version.distribution, 'opensearch');
  assert.equal((await client.ping()).statusCode, 200);
  assert.equal((await client.cluster.health()).body.number_of_nodes, onEveryNode('').length);
  assert.match((await client.cat.nodes()).body, /\n$/);
  assert.equal(Object.keys((await client.nodes.info()).body.nodes).length, onEveryNode('').length);
});

test('sniffOnStart: the gateways of the cluster', async () => {
  const sniffing = newClient({ sniffOnStart: true });

  const { hosts } = await new Promise((resolve, reject) =>
    sniffing.on('sniff', (error, { meta }) => (error ? reject(error) : resolve(meta.sniff))));

  const { body } = await client.nodes.info({ metric: 'http' });
  assert.deepEqual(hosts.map(host => host.url.host), Object.values(body.nodes).map(node => node.http.publish_address));
  await sniffing.close();
});
