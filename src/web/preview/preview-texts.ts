/** What a pass says that does not come from it. */
export interface PreviewTexts {
  /** Across a pass that was used up or withdrawn. */
  readonly voided: string;
  /** Across a pass whose time is over. */
  readonly expired: string;
  /** Read out in place of a barcode. */
  readonly barcode: string;
}
