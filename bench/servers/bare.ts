import { Elysia } from "elysia";

/**
 * What the framework can do at best, in a process of its own: the same JSON in and an answer of the same size out, or
 * bytes of the same size, and nothing in between. Arguments: port, answer (JSON), number of bytes.
 */
const [port, answer, size] = process.argv.slice(2);
const answered: Record<string, unknown> = JSON.parse(answer ?? "{}");
const bytes = new Uint8Array(Number(size));
crypto.getRandomValues(bytes.subarray(0, 65_536));

new Elysia()
  // The framework parses only a body that the handler asks for.
  .post("/v1/passes", ({ body }) => (body instanceof Object ? answered : null))
  .get("/p/:name", () => new Response(bytes, { headers: { "content-type": "application/vnd.apple.pkpass" } }))
  .listen({ hostname: "127.0.0.1", port: Number(port) });
console.log("ready");
