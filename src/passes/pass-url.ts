/** The wallet link of a pass, for people and for profiles. */
export const passUrl = (publicUrl: string, serial: string): string => `${publicUrl}/p/${serial}`;

/** The same link to the package itself, whatever the browser. */
export const packageUrl = (publicUrl: string, serial: string): string => `${passUrl(publicUrl, serial)}.pkpass`;
