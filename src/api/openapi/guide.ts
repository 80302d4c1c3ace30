/** The groups of the reference, in its order. Texts are CommonMark. */
export const TAGS = {
  Passes: "Issuing a pass, changing it, and ending it, by its serial number.",
  "A person's pass":
    "The same for a caller that knows the person and not the serial number, as a Klaviyo flow does: the newest pass of that template that the person has. Flows can only post, so everything here is a `POST`.",
  "Many passes": "Finding passes, taking them out, and issuing or changing many with one file.",
  People: "Who passes are for: what is known of them, and having it erased.",
  Templates: "What passes look like and which fields they take.",
  Webhooks:
    "Addresses of yours that are told what happens to passes. What is sent, how it is signed and when it is tried again is told in `docs/webhooks.md`.",
  Health: "For load balancers and monitors. No key is needed.",
  "Not here": "Calls that PassNinja's clients know, and this server does not do.",
} as const satisfies Record<string, string>;

export type Tag = keyof typeof TAGS;

export const INTRODUCTION = `
Issues Apple Wallet passes, keeps them up to date on phones, and tells other systems what becomes of them. It is PassNinja's HTTP API: its clients work against this server by changing the host.

Requests and answers are JSON. Every good answer is \`200\`, also to what makes or deletes something. Addresses work with and without a slash at the end; ids of templates in any case and with leading zeros. The media type of a request does not matter, except where files are sent.

## Keys

Each call carries an API key and the id of its account, in the headers \`X-API-KEY\` and \`X-ACCOUNT-ID\`; or the key alone, as \`Authorization: Bearer\`. \`passhook key create\` makes one, with a scope: \`read\` may look at passes and templates, \`issue\` may also issue, change and delete passes, \`all\` may do everything. Whatever belongs to another account is not there: it is answered \`404\`.

## Values from templates

Bodies that carry a pass may have been put together by a template engine, such as that of Klaviyo's webhooks. So every value may be text, a number or \`true\`/\`false\`; it is trimmed and HTML-unescaped once. Blank, \`None\`, \`null\` and a tag that was not rendered mean that there is no value. \`"70.0"\` is 70 where the field is a number, \`"True"\` is true. A body that is not JSON because a value held a quote or a line break is mended where nothing is a guess, and refused otherwise; one with a key twice is refused. Keys at the top that nobody knows are passed over.

## The same call twice

\`Idempotency-Key\`, or \`idempotencyKey\` in the body, names a delivery for a week. The same key and body again change nothing and get the same pass; the same key with another body gives the same pass the new values; what is added (\`{"add": 50}\`) is added once. Without a key, a template with \`repeat: "reuse"\` knows a repeat by its person.

## Errors

Every failure has the same form: three times the same text, because clients differ in what they read, a \`code\` for programs, and in \`details\` every problem with its place where there are several. \`429\` and \`503\` pass by themselves and say in \`Retry-After\` in how many seconds; other calls with a 4xx can never work as they are. A call that would have changed something and was refused is kept, to be seen and sent again (\`passhook pass rejected\`).
`.trim();
