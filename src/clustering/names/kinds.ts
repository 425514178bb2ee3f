// Kinds of saves. They end a label well, in the plural: "Makeup Tutorials", "iPhone X Reviews".
import { stem } from './terms.ts'

/** From a kind's key to its plural, in Title Case. */
export const KINDS: ReadonlyMap<string, string> = new Map(
  `animation audition ballad cartoon challenge cocktail comic commercial concert costume cover cupcake debate dessert
   documentary dog exercise experiment explainer gadget goal guide hack haul highlight hotel idea interview
   lecture lesson match meal monologue parody performance podcast prank puppy recipe remix restaurant review routine
   sketch skit song speech stunt tip tour trailer trick tutorial vlog workout cat hairstyle outfit
   breakdown show test trip`
    .split(/\s+/)
    .map(kind => [stem(kind), plural(kind.charAt(0).toUpperCase() + kind.slice(1))]),
)

function plural(word: string): string {
  if (/[^aeiou]y$/.test(word)) return `${word.slice(0, -1)}ies`
  return /(s|x|ch|sh)$/.test(word) ? `${word}es` : `${word}s`
}
