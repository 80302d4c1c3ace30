/** @jsxImportSource preact */

/** Means of transport, each in a square of 24, looking to the right. */
const OUTLINES: Readonly<Record<string, string>> = {
  PKTransitTypeAir:
    "M22 12c0 .9-1.2 1.5-2.6 1.5H14.4L9.6 21H7.5l2.3-7.5H5.2L3.4 16H2l1-4-1-4h1.4l1.8 2.5h4.6L7.5 3h2.1l4.8 7.5h5c1.4 0 2.6.6 2.6 1.5z",
  PKTransitTypeBoat:
    "M11.2 2.2h1.6v2.3h2.6v3.1h2.3l1 4.3 2.1.8-2.4 5.6c-1 0-1.900-.5-2.600-1.200a3.900 3.900 0 0 1-5.600 0 3.900 3.900 0 0 1-4.600.7L3.200 12.700l2.100-.8 1-4.300h2.300V4.500h2.600zM8.300 9.300l-.5 1.700L12 9.500l4.200 1.500-.5-1.700zM3 19.400c1.200 0 2.200-.4 3-1.100a4.600 4.600 0 0 0 6 0 4.600 4.600 0 0 0 6 0c.8.700 1.800 1.100 3 1.100v1.800c-1.100 0-2.100-.3-3-.8a6 6 0 0 1-6 0 6 6 0 0 1-6 0c-.9.5-1.900.8-3 .8z",
  PKTransitTypeBus:
    "M4 5.500A2.500 2.500 0 0 1 6.500 3h11A2.500 2.500 0 0 1 20 5.500V17c0 .8-.4 1.500-1 1.900V20.500a.5.5 0 0 1-.5.5h-1.500a.5.5 0 0 1-.5-.5V19.500h-9v1a.5.5 0 0 1-.5.5H5.500a.5.5 0 0 1-.5-.5V18.900A2.300 2.300 0 0 1 4 17zM6 7v5.500h12V7zm1.800 7.700a1.300 1.300 0 1 0 0 2.600 1.300 1.300 0 0 0 0-2.600zm8.400 0a1.300 1.300 0 1 0 0 2.600 1.300 1.300 0 0 0 0-2.600z",
  PKTransitTypeTrain:
    "M5 6.500C5 4 8 3 12 3s7 1 7 3.500v9a3 3 0 0 1-2.700 3L18 21h-2.200l-1.400-2.500H9.600L8.200 21H6l1.700-2.500a3 3 0 0 1-2.700-3zM7 7v4.500h4.200V7zm5.800 0v4.500H17V7zM8.500 13.700a1.300 1.300 0 1 0 0 2.600 1.300 1.300 0 0 0 0-2.600zm7 0a1.300 1.300 0 1 0 0 2.600 1.300 1.300 0 0 0 0-2.600z",
};

const ARROW = "M13.500 5 20.500 12l-7 7-1.500-1.500 4.400-4.400H3.500v-2.200h12.900L12 6.500z";

/** The sign between origin and destination; an arrow for a means of transport that is not said. */
export function TransitIcon({ type }: { readonly type: string }) {
  return (
    <svg class="pass-transit" viewBox="0 0 24 24" aria-hidden="true">
      <path fill="currentColor" fill-rule="evenodd" d={OUTLINES[type] ?? ARROW} />
    </svg>
  );
}
