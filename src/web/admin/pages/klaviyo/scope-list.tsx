/** @jsxImportSource preact */
import { SCOPES, type ScopeReport } from "../../../../klaviyo/scopes.ts";
import { Badge } from "../../components/badge.tsx";
import { Icon } from "../../components/icon.tsx";

/** Klaviyo's scopes by name, each with what it is for; with a report also whether the key has it. */
export function ScopeList({ report }: { report?: ScopeReport | undefined }) {
  return (
    <ul class="scopes">
      {SCOPES.map(({ name, neededFor, required }) => {
        const isMissing = report?.missing.some((scope) => scope.name === name) ?? false;
        const isUnknown = report?.unknown.includes(name) ?? false;
        return (
          <li key={name} class={isMissing ? "missing" : undefined}>
            <span class="mark">{report ? <Icon name={isMissing ? "refused" : "check"} /> : <span class="box" />}</span>
            <div>
              <code>{name}</code> {required && !isMissing && <Badge>Required</Badge>}
              {isMissing && (
                <Badge tone={required ? "bad" : "warning"}>{required ? "Missing, required" : "Missing"}</Badge>
              )}
              {isUnknown && <Badge>Could not be checked</Badge>}
              <small>For {neededFor}.</small>
            </div>
          </li>
        );
      })}
    </ul>
  );
}
