/** @jsxImportSource preact */

/**
 * The way into Apple Wallet. Apple gives its badge to those who accept its terms, and not for passing on in other
 * people's programs, so this is a button of our own: black, in Apple's wording, at least as large as the badge must be
 * (Apple: "Add to Apple Wallet Guidelines").
 */
export const AppleWalletButton = ({ href, label }: { readonly href: string; readonly label: string }) => (
  <a class="wallet-button" href={href}>
    <svg class="wallet-sign" viewBox="0 0 36 28" aria-hidden="true">
      <rect x="1" y="1" width="34" height="26" rx="4.5" fill="none" stroke="currentColor" stroke-width="2" />
      <path d="M6 7.500h24" stroke="#f6b73c" stroke-width="3" stroke-linecap="round" />
      <path d="M6 12h24" stroke="#5ac46f" stroke-width="3" stroke-linecap="round" />
      <path
        d="M2 16.500h9.500c1.500 0 2.200 3.500 6.500 3.500s5-3.500 6.500-3.500H34"
        fill="none"
        stroke="currentColor"
        stroke-width="2"
      />
    </svg>
    {label}
  </a>
);
