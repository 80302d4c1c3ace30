/**
 * PassNinja's own JavaScript client as it is published, for calls that come as lines of JSON
 * (`["pass", "get", "ptk_…", "…"]`); answers a line for each. Its host is fixed, so the test names its server as the proxy.
 */
const { createInterface } = require("node:readline");
const { PassNinjaClient } = require("@passninja/passninja-js");

const [accountId, apiKey] = process.argv.slice(2);
const client = new PassNinjaClient(accountId, apiKey);

(async () => {
  for await (const line of createInterface({ input: process.stdin })) {
    const [object, method, ...args] = JSON.parse(line);
    console.log(JSON.stringify(await outcomeOf(() => client[object][method](...args))));
  }
})();

async function outcomeOf(call) {
  try {
    return { value: await call() };
  } catch ({ message, response }) {
    return { error: message, status: response?.status, body: response?.data };
  }
}
