import { digest } from '../base/digest.ts';

/** Whether the file has Windows line ends throughout, as a checkout with core.autocrlf has. */
export const usesCrlf = (text: string): boolean => text.includes('\r\n') && !/(^|[^\r])\n/.test(text);
export const toLf = (text: string): string => (usesCrlf(text) ? text.replaceAll('\r\n', '\n') : text);

/** Whether two texts of a file are one to us: how its lines end is of the checkout. */
export const isSame = (one: string, other: string | undefined): boolean =>
  other !== undefined && (one === other || toLf(one) === toLf(other));

/**
 * THE judge of "edited": whether the text of a file of ours is another one than we wrote last, of which the lock has the digest.
 * Whatever asks this asks here, so that no command calls edited what another one calls ours.
 */
export const isEdited = (text: string, written: string | undefined): boolean =>
  digest(text) !== written && digest(toLf(text)) !== written;
