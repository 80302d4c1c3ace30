/** @jsxImportSource preact */
import type { MediaType, ParameterObject } from "../../api/openapi/openapi-object.ts";
import { Code, Json, jsonText } from "./code.tsx";
import { curlOf, type ExampleBody } from "./curl.ts";
import { inline, Prose } from "./prose.tsx";
import { nameOf, type ReadOperation, type ReadResponse } from "./read-document.ts";
import { Property, SchemaBody, type Schemas, TypeOf } from "./schema.tsx";

const JSON_TYPE = "application/json";

/** What there is to know of a call, and beside it how it is made. */
export function Operation({ read, schemas }: { readonly read: ReadOperation; readonly schemas: Schemas }) {
  const { operation, responses } = read;
  const { operationId, summary, description, parameters = [], requestBody } = operation;
  const [good, refused] = [responses.filter(isGood), responses.filter((response) => !isGood(response))];
  return (
    <article class="operation" id={operationId}>
      <div class="about">
        <h3>
          <a href={`#${operationId}`}>{summary}</a>
        </h3>
        <Address read={read} />
        <Prose text={description} />
        <Parameters title="In the address" parameters={parameters.filter((one) => one.in === "path")} />
        <Parameters title="Query" parameters={parameters.filter((one) => one.in === "query")} />
        <Parameters title="Headers" parameters={parameters.filter((one) => one.in === "header")} />
        {Object.entries(requestBody?.content ?? {}).map(([type, media]) => (
          <Content title="Body" type={type} media={media} schemas={schemas} />
        ))}
        {good.map(({ status, description, content }) =>
          Object.entries(content).map(([type, media]) => (
            <section>
              <h4>
                Answer <Status status={status} /> <MediaName type={type} />
                <span class="type">
                  <TypeOf schema={media.schema} />
                </span>
              </h4>
              <p>{inline(description)}</p>
            </section>
          )),
        )}
        <Refusals refused={refused} />
      </div>
      <div class="samples">
        <Requests read={read} />
        {good.map((response) => (
          <Answers response={response} />
        ))}
      </div>
    </article>
  );
}

const isGood = ({ content }: ReadResponse): boolean =>
  Object.values(content).some(({ example }) => example !== undefined);

export const Method = ({ method }: { readonly method: string }) => (
  <span class={`method ${method.toLowerCase()}`}>{method === "DELETE" ? "DEL" : method}</span>
);

const Address = ({ read: { method, path } }: { readonly read: ReadOperation }) => (
  <p class="address">
    <Method method={method} />
    <code>{path.split(/(\{\w+\})/).map((part) => (part.startsWith("{") ? <em>{part}</em> : part))}</code>
  </p>
);

const Status = ({ status }: { readonly status: number }) => (
  <span class={`status ${status < 400 ? "good" : status < 500 ? "notice" : "bad"}`}>{status}</span>
);

const MediaName = ({ type }: { readonly type: string }) =>
  type === JSON_TYPE ? null : <span class="media">{type}</span>;

function Parameters({
  title,
  parameters,
}: {
  readonly title: string;
  readonly parameters: readonly ParameterObject[];
}) {
  if (parameters.length === 0) return null;
  return (
    <section>
      <h4>{title}</h4>
      <dl class="properties">
        {parameters.map(({ name, schema, description, required, example }) => (
          <Property name={name} schema={schema} description={description} isRequired={required} example={example} />
        ))}
      </dl>
    </section>
  );
}

interface ContentProps {
  readonly title: string;
  readonly type: string;
  readonly media: MediaType;
  readonly schemas: Schemas;
}

function Content({ title, type, media, schemas }: ContentProps) {
  const name = nameOf(media.schema);
  const schema = name === undefined ? media.schema : schemas[name];
  return (
    <section>
      <h4>
        {title} <MediaName type={type} />
        <span class="type">
          <TypeOf schema={media.schema} />
        </span>
      </h4>
      {schema?.description && <p>{inline(schema.description)}</p>}
      {schema?.properties && <SchemaBody schema={schema} />}
    </section>
  );
}

function Refusals({ refused }: { readonly refused: readonly ReadResponse[] }) {
  if (refused.length === 0) return null;
  return (
    <details class="refusals">
      <summary>
        <h4>Refusals</h4>
        {refused.map(({ status }) => (
          <Status status={status} />
        ))}
      </summary>
      <ul>
        {refused.flatMap(({ status, content }) =>
          Object.values(content[JSON_TYPE]?.examples ?? {}).map(({ summary, value }) => (
            <li>
              <Status status={status} /> <code>{codeOf(value)}</code>
              <p>{inline(summary)}</p>
            </li>
          )),
        )}
      </ul>
    </details>
  );
}

/** `code` of an error. */
const codeOf = (error: unknown): string =>
  typeof error === "object" && error !== null && "code" in error ? String(error.code) : "";

/** The first example call, and the others to be opened. */
function Requests({ read }: { readonly read: ReadOperation }) {
  const bodies = Object.entries(read.operation.requestBody?.content ?? {}).flatMap(([mediaType, { examples = {} }]) =>
    Object.values(examples).map(({ summary, value }) => ({ summary, body: { mediaType, text: textOf(value) } })),
  );
  const [first, ...others] = bodies;
  return (
    <>
      <Request read={read} title={first?.summary ?? "Request"} body={first?.body} />
      {others.map(({ summary, body }) => (
        <details class="more">
          <summary>{summary}</summary>
          <Request read={read} title={summary} body={body} />
        </details>
      ))}
    </>
  );
}

interface RequestProps {
  readonly read: ReadOperation;
  readonly title: string;
  readonly body: ExampleBody | undefined;
}

function Request({ read, title, body }: RequestProps) {
  const command = curlOf(read, body);
  return (
    <Code title={title} code={command}>
      <Json text={command} />
    </Code>
  );
}

const Answers = ({ response: { status, content } }: { readonly response: ReadResponse }) => (
  <>
    {Object.entries(content).map(([type, { example }]) => (
      <Code
        title={
          <>
            <Status status={status} /> <MediaName type={type} />
          </>
        }
        code={textOf(example)}
      >
        <Json text={textOf(example)} />
      </Code>
    ))}
  </>
);

/** Files are texts already. */
const textOf = (value: unknown): string => (typeof value === "string" ? value : jsonText(value));
