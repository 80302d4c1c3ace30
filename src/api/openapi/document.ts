import { type TSchema, Type } from "@sinclair/typebox";
import { allows, KEY_SCOPES, type Permission } from "../../accounts/permission.ts";
import { VERSION } from "../../version.ts";
import { ErrorObject } from "../schemas/error.ts";
import { INTRODUCTION, TAGS } from "./guide.ts";
import { createSchemaWriter } from "./json-schema.ts";
import type { OpenApiDocument, OperationObject, ResponseObject, SecurityScheme } from "./openapi-object.ts";
import type { Answer, Operation, Parameter, Refusal, RequestBody } from "./operation.ts";
import { refusalsOf } from "./refusal.ts";

/** A route as Elysia has it; `detail` is what `documented` put there. */
export interface DocumentedRoute {
  readonly method: string;
  readonly path: string;
  readonly hooks: { readonly detail?: unknown };
}

const JSON_TYPE = "application/json";
const RESPONSES = "#/components/responses/";

/** The document of the routes, always the same for the same ones. Throws for a route that says nothing of itself. */
export function openApiDocument(routes: readonly DocumentedRoute[], publicUrl: string): OpenApiDocument {
  const { write, components } = createSchemaWriter();
  const sharedResponses = new Map<string, ResponseObject>();

  function operationObject(method: string, operation: Operation): OperationObject {
    const { operationId, tag, summary, description, permission, parameters = [], body, answers } = operation;
    const refusals = Map.groupBy(refusalsOf(method, operation), ({ status }) => status);
    return {
      ...{ operationId, tags: [tag], summary },
      description: permission === undefined ? description : `${description}\n\n${neededScope(permission)}`,
      ...(permission === undefined && { security: [] }),
      ...(parameters.length > 0 && { parameters: parameters.map(parameterObject) }),
      ...(body && { requestBody: requestBodyObject([body].flat()) }),
      responses: Object.fromEntries([
        ...[...Map.groupBy(answers, ({ status = 200 }) => status)].map(([status, group]) => [
          status,
          answerObject(group),
        ]),
        ...[...refusals].map(([status, group]) => [status, refusalResponse(group)] as const),
      ]),
    };
  }

  const parameterObject = ({ schema, required, ...parameter }: Parameter) => ({
    ...parameter,
    required: required ?? parameter.in === "path",
    schema: write(schema),
  });

  const requestBodyObject = (bodies: readonly RequestBody[]) => ({
    required: true,
    content: Object.fromEntries(
      bodies.map(({ mediaType = JSON_TYPE, schema, examples }) => [mediaType, { schema: write(schema), examples }]),
    ),
  });

  const answerObject = (answers: readonly Answer[]): ResponseObject => ({
    description: answers[0]?.description ?? "",
    content: Object.fromEntries(
      answers.map(({ mediaType = JSON_TYPE, schema, example }) => [mediaType, { schema: write(schema), example }]),
    ),
  });

  /** One of those that calls have in common is written once. */
  function refusalResponse(group: readonly Refusal[]) {
    const [{ component } = {}, another] = group;
    if (component === undefined || another !== undefined) return refusalObject(group);
    if (!sharedResponses.has(component)) sharedResponses.set(component, refusalObject(group));
    return { $ref: RESPONSES + component };
  }

  function refusalObject(group: readonly Refusal[]): ResponseObject {
    const codes = [...new Set(group.map(({ code }) => code))];
    const known: TSchema = Type.Object({ code: Type.Union(codes.map((code) => Type.Literal(code))) });
    const examples = group.map((refusal, i) => [`${refusal.code}_${i + 1}`, exampleOf(refusal)] as const);
    return {
      description: group.length === 1 ? (group[0]?.when ?? "") : group.map(({ when }) => `- ${when}`).join("\n"),
      ...(group.some(({ status }) => status === 429 || status === 503) && { headers: { "Retry-After": RETRY_AFTER } }),
      content: {
        [JSON_TYPE]: {
          schema: { allOf: [write(ErrorObject), write(known)] },
          examples: Object.fromEntries(examples),
        },
      },
    };
  }

  const paths: Record<string, Record<string, OperationObject>> = {};
  for (const { method, path, hooks } of routes) {
    if (hooks.detail === undefined) throw new Error(`${method} ${path} has no documentation.`);
    const pattern = path.replace(/:(\w+)/g, "{$1}");
    paths[pattern] = { ...paths[pattern], [method.toLowerCase()]: operationObject(method, hooks.detail as Operation) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Passhook",
      version: VERSION,
      summary: "Apple Wallet passes from Klaviyo flows, on a server of your own.",
      description: INTRODUCTION,
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: publicUrl }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    security: [{ apiKey: [], accountId: [] }, { bearer: [] }],
    paths,
    components: {
      schemas: sorted(components),
      responses: sorted(sharedResponses),
      securitySchemes: SECURITY_SCHEMES,
    },
  };
}

const RETRY_AFTER = {
  description: "Seconds until the call may be sent again.",
  schema: { type: "integer", minimum: 1 },
};

const SECURITY_SCHEMES: Readonly<Record<string, SecurityScheme>> = {
  apiKey: { type: "apiKey", in: "header", name: "X-API-KEY", description: "The key, with the id of its account." },
  accountId: {
    type: "apiKey",
    in: "header",
    name: "X-ACCOUNT-ID",
    description: "The account that the key belongs to.",
  },
  bearer: { type: "http", scheme: "bearer", description: "The key alone." },
};

function neededScope(permission: Permission): string {
  const scopes = KEY_SCOPES.filter((scope) => allows(scope, permission)).map((scope) => `\`${scope}\``);
  return scopes.length === KEY_SCOPES.length
    ? "Any key will do."
    : `Needs a key with the scope ${scopes.join(" or ")}.`;
}

function exampleOf({ when, error, code, details }: Refusal) {
  return { summary: when, value: { error, message: error, msg: error, code, ...(details && { details }) } };
}

const sorted = <T>(map: ReadonlyMap<string, T>): Record<string, T> =>
  Object.fromEntries([...map].sort(([a], [b]) => (a < b ? -1 : 1)));
