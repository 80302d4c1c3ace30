/** @jsxImportSource preact */

/** Text to take along exactly: a key, a link, a command. With script there is a button that copies it. */
export function CodeBlock({ code, label }: { code: string; label: string }) {
  return (
    <div class="code-block">
      {/* Long lines may scroll, which the keyboard must be able to do. */}
      <pre title={label} tabindex={code.includes("\n") ? 0 : undefined}>
        <code>{code}</code>
      </pre>
      <button type="button" class="button plain" data-copy={code} hidden>
        Copy
      </button>
    </div>
  );
}
