/** Days as people write them in a policy: `2027-01-31`, in UTC, the last day included. No clock is read here. */

export const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** What is wrong with a day that has the right form, or `null`. `2027-02-30` is none. */
export function dayFault(day: string): string | null {
  const date = new Date(`${day}T00:00:00Z`);
  const real = !Number.isNaN(date.getTime()) && date.toISOString().slice(0, 10) === day;
  return real ? null : `there is no day ${day}`;
}

/** Is this a day of the calendar? */
export function isDay(text: string): boolean {
  return DAY.test(text) && dayFault(text) === null;
}

/** The day of a time in milliseconds since the epoch. */
export function dayOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 10);
}

/** Is a policy that holds until `until` (`null`: for good) over on `day`? */
export function isOver(until: string | null, day: string): boolean {
  return until !== null && day > until;
}
