/**
 * How fast pushes go out, and what they cost: `bun run test/support/apns/throughput.ts [pushes] [at once]`. The client
 * has a process of its own, so that its memory and its CPU time are only its own; the fake takes two more.
 */
import { createPushClient, type PushIdentity } from "../../../src/apple/push-client.ts";
import { systemClock } from "../../../src/clock.ts";
import { createTestIdentity, startFakeApns } from "./fake-apns.ts";

const ROUNDS = 3;
const [count = "100000", atOnce = "1000"] = process.argv.slice(2);

if (process.env["PUSH_TARGET"]) await pushAll(process.env["PUSH_TARGET"]);
else await serve();

async function serve(): Promise<void> {
  await using fake = await startFakeApns({ keepPushes: false, maxConcurrentStreams: 1_000 });
  const { privateKeyPem, ...identity } = createTestIdentity("pass.com.example.card");
  const target = { url: fake.url, ca: fake.ca, identity: { ...identity, privateKeyPem: privateKeyPem() } };
  const child = Bun.spawn([process.execPath, "run", import.meta.path, count, atOnce], {
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, PUSH_TARGET: JSON.stringify(target) },
  });
  await child.exited;
  console.log(`received ${fake.answered}, ${fake.certificates.length} connection, most streams ${fake.mostStreams}`);
}

async function pushAll(target: string): Promise<void> {
  const { url, ca, identity } = JSON.parse(target) as {
    url: string;
    ca: string;
    identity: Omit<PushIdentity, "privateKeyPem"> & { privateKeyPem: string };
  };
  const sender: PushIdentity = { ...identity, privateKeyPem: () => identity.privateKeyPem };
  await using client = createPushClient({ baseUrl: url, ca, clock: systemClock, timeoutMs: 600_000 });
  let next = 0;
  let good = 0;
  const pushUntil = async (end: number): Promise<void> => {
    while (next < end) {
      const answer = await client.push(sender, (next++).toString(16).padStart(64, "0"));
      if (answer.type === "answered" && answer.status === 200) good += 1;
    }
  };
  const megabytes = () => Math.round(process.memoryUsage.rss() / 1024 / 1024);
  for (let round = 1; round <= ROUNDS; round += 1) {
    const [before, cpuBefore, begunAt] = [megabytes(), process.cpuUsage(), performance.now()];
    const end = next + Number(count);
    await Promise.all(Array.from({ length: Number(atOnce) }, () => pushUntil(end)));
    const seconds = (performance.now() - begunAt) / 1000;
    const cpu = process.cpuUsage(cpuBefore);
    const microseconds = (cpu.user + cpu.system) / Number(count);
    console.log(
      `round ${round}: ${good} good, ${Math.round(Number(count) / seconds)}/s, ` +
        `${microseconds.toFixed(0)} µs of CPU each, memory ${before} → ${megabytes()} MB`,
    );
  }
}
