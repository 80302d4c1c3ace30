import type { Answer, Operation } from "../openapi/operation.ts";
import { invalid, notFound } from "../openapi/refusal.ts";
import { PersonBody, PersonChangeBody } from "../schemas/pass-body.ts";
import { EMAIL } from "./examples.ts";
import { FLOW, IDEMPOTENCY_KEY, PERSON_IN_QUERY, TEMPLATE_IN_PATH } from "./parameters.ts";
import { DELETED, EIGHTY_POINTS, EXPIRED, passAnswer, UNKNOWN_FIELD, VOIDED } from "./passes.ts";

const TAG = "A person's pass";

const NOBODY = invalid(
  "Nothing is given that a person can be found by.",
  "The request names nobody. Give an email, a phone number, an externalId or a klaviyoId.",
  [{ path: "recipient", message: "names nobody" }],
);
const NO_LIVE_PASS = notFound(
  "The person is not known, or has no live pass of this template.",
  "This person has no live pass of this template.",
);

export const getPersonPass: Operation = {
  operationId: "getPersonPass",
  tag: TAG,
  summary: "Look at a person's pass",
  description: "The newest live pass of this template that the person has. A `+` may stand there as it is.",
  permission: "read",
  parameters: [TEMPLATE_IN_PATH, ...PERSON_IN_QUERY],
  answers: [passAnswer("The pass.")],
  refusals: [NOBODY, NO_LIVE_PASS],
};

export const updatePersonPass: Operation = {
  operationId: "updatePersonPass",
  tag: TAG,
  summary: "Change some fields of a person's pass",
  description: `Gives the person's newest live pass new values; what comes blank keeps its value. What the body says of the person besides (a new phone number, a new name) is noted, and reaches all of the person's passes on which it shows. Nobody is made who was not there.

Give an addition an idempotency key: a flow's webhook may come twice.`,
  permission: "issue",
  parameters: [TEMPLATE_IN_PATH, IDEMPOTENCY_KEY, FLOW],
  body: {
    schema: PersonChangeBody,
    examples: {
      set: { summary: "A new value", value: { recipient: { email: EMAIL }, pass: { "points-balance": "80" } } },
      add: {
        summary: "Adding to a number",
        value: { recipient: { email: EMAIL }, pass: { "points-balance": { add: "10" } }, idempotencyKey: "order-1042" },
      },
    },
  },
  answers: [passAnswer("The pass with its new values.", EIGHTY_POINTS)],
  refusals: [UNKNOWN_FIELD, NOBODY, NO_LIVE_PASS],
};

const act = (operationId: string, summary: string, description: string, answer: Answer): Operation => ({
  ...{ operationId, tag: TAG, summary, description },
  permission: "issue",
  parameters: [TEMPLATE_IN_PATH, FLOW],
  body: {
    schema: PersonBody,
    examples: { person: { summary: "Whose pass is meant", value: { recipient: { email: EMAIL } } } },
  },
  answers: [answer],
  refusals: [NOBODY, NO_LIVE_PASS],
});

export const voidPersonPass = act(
  "voidPersonPass",
  "Void a person's pass",
  "Marks the newest live pass as no longer good.",
  passAnswer("The pass, void.", VOIDED),
);

export const unvoidPersonPass = act(
  "unvoidPersonPass",
  "Make a person's pass good again",
  "Takes back that the newest live pass was void.",
  passAnswer("The pass, good again."),
);

export const expirePersonPass = act(
  "expirePersonPass",
  "Let a person's pass expire now",
  "Makes the newest live pass expire now, whatever date it bears.",
  passAnswer("The pass, expired.", EXPIRED),
);

export const unexpirePersonPass = act(
  "unexpirePersonPass",
  "Give a person's pass its own date back",
  "Takes back that the newest live pass was made to expire.",
  passAnswer("The pass with its own date."),
);

export const deletePersonPass: Operation = {
  ...act(
    "deletePersonPass",
    "End a person's pass",
    "Ends the person's newest pass for good. Where that has ended already, nothing more happens: a repeat never reaches the one before it.",
    DELETED,
  ),
  refusals: [
    NOBODY,
    notFound(
      "The person is not known, or never had a pass of this template.",
      "This person has no pass of this template.",
    ),
  ],
};
