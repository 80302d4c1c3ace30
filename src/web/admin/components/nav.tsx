/** @jsxImportSource preact */
import { SECTION_GROUPS, SECTIONS, type Section } from "../sections.ts";
import type { Visit } from "../visit.ts";
import { Icon } from "./icon.tsx";

/** The parts of the site that the visitor may see, the present one lit. */
export function Nav({ visit, section }: { visit: Visit; section: Section | undefined }) {
  const seen = Object.entries(SECTIONS).filter(([, { role }]) => visit.may(role));
  return (
    <nav aria-label="Parts of the site">
      {Object.entries(SECTION_GROUPS).map(([group, heading]) => {
        const entries = seen.filter(([, entry]) => entry.group === group);
        return (
          entries.length > 0 && (
            <section key={group}>
              <h2>{heading}</h2>
              <ul>
                {entries.map(([name, { label, path, icon }]) => (
                  <li key={name}>
                    <a href={visit.to(path)} aria-current={name === section ? "page" : undefined}>
                      <Icon name={icon} />
                      {label}
                    </a>
                  </li>
                ))}
              </ul>
            </section>
          )
        );
      })}
    </nav>
  );
}

/** Which account the pages are about; with several, the way to the others. */
export function AccountSwitcher({ visit, section }: { visit: Visit; section: Section | undefined }) {
  const { account, accounts } = visit;
  if (accounts.length < 2) return <div class="account">{account.name}</div>;
  const path = section === undefined ? "" : SECTIONS[section].path;
  return (
    <details class="account">
      <summary>
        <span>{account.name}</span>
        <Icon name="chevron" />
      </summary>
      <ul>
        {accounts.map(({ id, name }) => (
          <li key={id}>
            <a href={`/admin/${id}${path}`} aria-current={id === account.id ? "true" : undefined}>
              {name}
              {id === account.id && <Icon name="check" />}
            </a>
          </li>
        ))}
      </ul>
    </details>
  );
}
