import type { Answer, Operation } from "../openapi/operation.ts";
import { conflict, invalid, notFound } from "../openapi/refusal.ts";
import { DeletedPass, PassObject } from "../schemas/pass.ts";
import { ChangeBody, IssueBody } from "../schemas/pass-body.ts";
import { DELETED_PASS, EMAIL, PASS, TEMPLATE_ID } from "./examples.ts";
import { FLOW, IDEMPOTENCY_KEY, SERIAL_IN_PATH, TEMPLATE_IN_PATH } from "./parameters.ts";

const TAG = "Passes";
const PATH = [TEMPLATE_IN_PATH, SERIAL_IN_PATH];

/** The pass as it is after the call, with some of what the example changes. */
export const passAnswer = (description: string, changes: Partial<typeof PASS> = {}): Answer => ({
  description,
  schema: PassObject,
  example: { ...PASS, ...changes },
});

export const EIGHTY_POINTS = { pass: { ...PASS.pass, "points-balance": "80" } };
export const VOIDED = { status: "voided" } as const;
export const EXPIRED = { status: "expired" } as const;

export const DELETED: Answer = {
  description: "The pass that has ended.",
  schema: DeletedPass,
  example: DELETED_PASS,
};

export const UNKNOWN_FIELD = invalid(
  "The body cannot be understood, or a field is unknown, required or of another type.",
  'The pass cannot be updated: pass.points-balnce is not a field of this template (did you mean "points-balance"?).',
  [{ path: "pass.points-balnce", message: 'is not a field of this template (did you mean "points-balance"?)' }],
);

const NO_SUCH_PASS = notFound("There is no such pass of this template.", "There is no such pass.");
const PASS_DELETED = conflict("PASS_DELETED", "The pass was deleted.", "This pass was deleted; issue a new one.");

export const issuePass: Operation = {
  operationId: "issuePass",
  tag: TAG,
  summary: "Issue a pass",
  description: `Makes a pass, or brings the person's present one up to date: what a repeat means is the template's setting \`repeat\`. A \`200\` means that the pass and everything that must follow from it are stored.

\`urls.landing\` is the link to give to the customer, \`serialNumber\` what the pass is known by from now on. A person who is described by nothing gets a pass of their own each time.`,
  permission: "issue",
  parameters: [IDEMPOTENCY_KEY, FLOW],
  body: {
    schema: IssueBody,
    examples: {
      pass: {
        summary: "A pass for a person",
        value: {
          passTemplate: TEMPLATE_ID,
          pass: { "member-name": "Sarah Miller", "points-balance": 70 },
          recipient: { email: EMAIL },
        },
      },
      flow: {
        summary: "As Klaviyo's templates render it",
        value: {
          passTemplate: TEMPLATE_ID,
          pass: { "member-name": "Sarah Miller", "points-balance": "70.0", "member-level": "None" },
          recipient: { klaviyoId: "01HX5Q9ZJ3V8T2W6B4N7C1M0KD", email: EMAIL, externalId: "" },
          idempotencyKey: "8f14e45f-ceea-4672-a1c2-5b3d9e7f0a11",
        },
      },
    },
  },
  answers: [passAnswer("The pass, new or as it was brought up to date.")],
  refusals: [
    { ...UNKNOWN_FIELD, error: UNKNOWN_FIELD.error.replace("updated", "issued") },
    notFound("There is no such template.", 'There is no template "ptk_0x2".'),
  ],
};

export const getPass: Operation = {
  operationId: "getPass",
  tag: TAG,
  summary: "Look at a pass",
  description: 'The pass as it is now; one that has ended, too, with `status: "deleted"`.',
  permission: "read",
  parameters: PATH,
  answers: [passAnswer("The pass.")],
  refusals: [NO_SUCH_PASS],
};

const change: Omit<Operation, "operationId" | "summary" | "description"> = {
  tag: TAG,
  permission: "issue",
  parameters: [...PATH, IDEMPOTENCY_KEY, FLOW],
  body: {
    schema: ChangeBody,
    examples: {
      set: { summary: "A new value", value: { pass: { "points-balance": "80" } } },
      add: {
        summary: "Adding to a number",
        value: { pass: { "points-balance": { add: 10 } }, idempotencyKey: "order-1042" },
      },
    },
  },
  answers: [passAnswer("The pass with its new values.", EIGHTY_POINTS)],
  refusals: [UNKNOWN_FIELD, NO_SUCH_PASS, PASS_DELETED],
};

export const updatePass: Operation = {
  ...change,
  operationId: "updatePass",
  summary: "Change some fields",
  description:
    "Changes the fields that are named; the others, and those that come blank, keep their values. Phones and Klaviyo are told of what has changed, and of nothing where nothing has.",
};

export const updatePassByPost: Operation = {
  ...change,
  operationId: "updatePassByPost",
  summary: "Change some fields by POST",
  description: "The same as `PATCH`, for those who can only post, such as Klaviyo's flows.",
};

export const replacePass: Operation = {
  ...change,
  operationId: "replacePass",
  summary: "Set all fields",
  description: "Sets the fields that are named and empties the others, for which the template's defaults then stand.",
  body: {
    schema: ChangeBody,
    examples: {
      all: {
        summary: "All values",
        value: { pass: { "member-name": "Sarah Miller", "points-balance": "80", "member-level": "Gold" } },
      },
      some: { summary: "Without a level", value: { pass: { "member-name": "Sarah Miller", "points-balance": "80" } } },
    },
  },
  answers: [
    passAnswer("The pass with its new values.", {
      pass: { "member-name": "Sarah Miller", "points-balance": "80", "member-level": "Gold" },
    }),
  ],
};

const act = (operationId: string, summary: string, description: string, answer: Answer): Operation => ({
  ...{ operationId, tag: TAG, summary, description },
  permission: "issue",
  parameters: PATH,
  answers: [answer],
  refusals: [NO_SUCH_PASS],
});

export const voidPass: Operation = {
  ...act(
    "voidPass",
    "Void a pass",
    "Marks it as no longer good; phones show it so. Doing it twice is as good as once.",
    passAnswer("The pass, void.", VOIDED),
  ),
  refusals: [NO_SUCH_PASS, PASS_DELETED],
};

export const unvoidPass: Operation = {
  ...act("unvoidPass", "Make a pass good again", "Takes back that it was void.", passAnswer("The pass, good again.")),
  refusals: [NO_SUCH_PASS, PASS_DELETED],
};

export const expirePass: Operation = {
  ...act(
    "expirePass",
    "Let a pass expire now",
    "Makes it expire now, whatever date it bears; phones show it so. Doing it twice is as good as once.",
    passAnswer("The pass, expired.", EXPIRED),
  ),
  refusals: [NO_SUCH_PASS, PASS_DELETED],
};

export const unexpirePass: Operation = {
  ...act(
    "unexpirePass",
    "Give a pass its own date back",
    "Takes back that it was made to expire. It may still expire by a date that it bears.",
    passAnswer("The pass with its own date."),
  ),
  refusals: [NO_SUCH_PASS, PASS_DELETED],
};

export const deletePass = act(
  "deletePass",
  "End a pass",
  "Ends it for good: phones show it void, its link leads nowhere, its serial number is never used again. Doing it twice is as good as once. `force`, which some clients send, has no effect.",
  DELETED,
);

export const deletePassByPost = act(
  "deletePassByPost",
  "End a pass by POST",
  "The same as `DELETE`, for those who can only post.",
  DELETED,
);
