/** @jsxImportSource preact */

import { Badge } from "../components/badge.tsx";
import { CodeBlock } from "../components/code-block.tsx";
import { Icon } from "../components/icon.tsx";
import type { Visit } from "../visit.ts";
import type { Step } from "./checklist.ts";

/** What is left to do, the next step opened. */
export function Steps({ steps, visit }: { steps: readonly Step[]; visit: Visit }) {
  const next = steps.find(({ done }) => !done);
  return (
    <ol class="steps">
      {steps.map((step) => (
        <li key={step.title} class={step.done ? "done" : undefined}>
          <span class="mark">{step.done && <Icon name="check" />}</span>
          {step.done ? (
            <p>
              {step.title} <span class="unseen">(done)</span>
            </p>
          ) : (
            <details open={step === next}>
              <summary>
                {step.title} {step === next && <Badge tone="accent">Next</Badge>}
              </summary>
              <p>{step.text}</p>
              {step.path !== undefined && <a href={visit.to(step.path)}>Go there</a>}
              {step.command !== undefined && <CodeBlock code={step.command} label="Command on the server" />}
            </details>
          )}
        </li>
      ))}
    </ol>
  );
}
