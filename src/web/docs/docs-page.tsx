/** @jsxImportSource preact */
import type { ComponentChildren } from "preact";
import { renderToString } from "preact-render-to-string";
import type { OpenApiDocument } from "../../api/openapi/openapi-object.ts";
import { assetUrl } from "../assets.ts";
import { Code, Json, jsonText } from "./code.tsx";
import { Method, Operation } from "./operation.tsx";
import { anchorOf, headingsOf, inline, Prose } from "./prose.tsx";
import { type ReadGroup, readGroups } from "./read-document.ts";
import { SchemaBody, schemaAnchor } from "./schema.tsx";

/** The reference of the API as a page. It works without its script. */
export function renderDocsPage(document: OpenApiDocument): string {
  const { info, servers, components } = document;
  const groups = readGroups(document).filter(({ operations }) => operations.length > 0);
  const schemas = Object.entries(components.schemas);
  const nav = (
    <Navigation headings={headingsOf(info.description)} groups={groups} schemas={schemas.map(([name]) => name)} />
  );
  const html = renderToString(
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <meta name="color-scheme" content="light dark" />
        <title>{`${info.title} API`}</title>
        <link rel="icon" href={assetUrl("icon.svg")} type="image/svg+xml" />
        <link rel="stylesheet" href={assetUrl("docs.css")} />
        <script type="module" src={assetUrl("docs.js")} />
      </head>
      <body>
        <a class="skip" href="#content">
          Skip to the content
        </a>
        <header class="bar">
          <Brand title={info.title} version={info.version} />
          <details class="menu">
            <summary>Contents</summary>
            {nav}
          </details>
        </header>
        <div class="side">
          <Brand title={info.title} version={info.version} />
          {nav}
        </div>
        <main id="content" tabindex={-1}>
          <section class="introduction">
            <div class="about">
              <h1>{info.title} API</h1>
              <p class="lead">{info.summary}</p>
              <Prose text={info.description} />
            </div>
            <div class="samples">
              <Code title="Address" code={servers[0]?.url ?? ""} />
              <Code title="For a shell that runs the examples" code={"export KEY=phk_…\nexport ACCOUNT=aid_0x…"} />
              <ErrorSample responses={components.responses} />
              <p class="download">
                <a href="/docs/openapi.json">openapi.json</a> is this page for programs: OpenAPI 3.1.
              </p>
            </div>
          </section>
          {groups.map((group) => (
            <Group group={group}>
              {group.operations.map((read) => (
                <Operation read={read} schemas={components.schemas} />
              ))}
            </Group>
          ))}
          <section class="group" id="schemas">
            <header>
              <h2>Schemas</h2>
              <p>What stands in bodies and answers.</p>
            </header>
            {schemas.map(([name, schema]) => (
              <article class="schema" id={schemaAnchor(name)}>
                <h3>
                  <a href={`#${schemaAnchor(name)}`}>{name}</a>
                </h3>
                {schema.description && <p>{inline(schema.description)}</p>}
                <SchemaBody schema={schema} />
              </article>
            ))}
          </section>
        </main>
      </body>
    </html>,
  );
  return `<!doctype html>${html}`;
}

/** What every refusal looks like. */
function ErrorSample({ responses }: Pick<OpenApiDocument["components"], "responses">) {
  const [example] = Object.values(Object.values(responses["Forbidden"]?.content ?? {})[0]?.examples ?? {});
  if (!example) return null;
  const text = jsonText(example.value);
  return (
    <Code title="A refusal" code={text}>
      <Json text={text} />
    </Code>
  );
}

const Brand = ({ title, version }: { readonly title: string; readonly version: string }) => (
  <a class="brand" href="#content">
    <img src={assetUrl("icon.svg")} width="28" height="28" alt="" />
    {title} <small>{version}</small>
  </a>
);

interface NavigationProps {
  readonly headings: readonly string[];
  readonly groups: readonly ReadGroup[];
  readonly schemas: readonly string[];
}

function Navigation({ headings, groups, schemas }: NavigationProps) {
  return (
    <nav aria-label="Contents">
      <ul>
        {headings.map((heading) => (
          <li>
            <a href={`#${anchorOf(heading)}`}>{heading}</a>
          </li>
        ))}
      </ul>
      {groups.map(({ name, operations }) => (
        <>
          <h2>
            <a href={`#${anchorOf(name)}`}>{name}</a>
          </h2>
          <ul>
            {operations.map(({ method, operation: { operationId, summary } }) => (
              <li>
                <a href={`#${operationId}`}>
                  <span>{summary}</span>
                  <Method method={method} />
                </a>
              </li>
            ))}
          </ul>
        </>
      ))}
      <h2>
        <a href="#schemas">Schemas</a>
      </h2>
      <ul>
        {schemas.map((name) => (
          <li>
            <a href={`#${schemaAnchor(name)}`}>{name}</a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

interface GroupProps {
  readonly group: ReadGroup;
  readonly children: ComponentChildren;
}

/** The calls of a group: a list of them, and each in turn. */
function Group({ group: { name, description, operations }, children }: GroupProps) {
  return (
    <section class="group" id={anchorOf(name)}>
      <header>
        <h2>{name}</h2>
        <Prose text={description} />
        <ul class="calls">
          {operations.map(({ method, path, operation: { operationId } }) => (
            <li>
              <a href={`#${operationId}`}>
                <Method method={method} /> <code>{path}</code>
              </a>
            </li>
          ))}
        </ul>
      </header>
      {children}
    </section>
  );
}
