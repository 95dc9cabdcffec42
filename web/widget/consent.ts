// Whether anything may be sent. It is asked of nobody but this page and this browser.

export type Consent = "given" | "denied" | "required";

/** What holds. told: the page's word; said: what the person has said here themselves, which signals do not overrule. */
export function standing(told: string | null, said: Consent | null): Consent {
  if (told === "denied") return "denied";
  if (said === "given" || said === "denied") return said;
  if (signalled()) return "denied";
  return told === "given" ? "given" : "required";
}

/** Do Not Track or Global Privacy Control. */
function signalled(): boolean {
  const browser = navigator as Navigator & { globalPrivacyControl?: boolean };
  return browser.doNotTrack === "1" || browser.globalPrivacyControl === true;
}
