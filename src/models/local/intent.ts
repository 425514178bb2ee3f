import type { Category, Intent } from '../../vocabulary.ts'
import type { AnalysisInput } from '../analysis.ts'

/** Words that tell what a person wants to do with it. */
const CUES: Record<Exclude<Intent, 'misc'>, RegExp> = {
  visit:
    /\b(places? to (visit|eat|stay|go)|things to do|what to eat in|where to (eat|stay|go)|travel guide|city guide|itinerary|hidden gems?|hotels?|resorts?|cafes?|cafés?|restaurants?|museums?|beach(es)?|must[- ]visit|weekend (trip|getaway)|day trip)\b/gi,
  try: /\b(recipes?|how to (make|cook|bake)|diy|home ?made|work ?outs?|exercises?|routine|yoga|meal prep|crafts?|hacks?|try this)\b/gi,
  buy: /\b(reviews?|unboxing|hauls?|hands[- ]on|first look|price|discounts?|deals?|coupon|for sale|buy(ing)?|shop(ping)?|worth it|gift (guide|ideas)|favou?rites|must[- ]haves?|lookbook)\b/gi,
  learn:
    /\b(how (to|do|does|did|it)|tutorials?|explain(ed|s)|explanation|guide to|beginners?|lessons?|learn(ing)?|courses?|lectures?|tips|why|what (is|are|if)|history of|science of|documentary|facts?|interview (questions|tips)|study)\b/gi,
  watch:
    /\b(trailer|teaser|official (music )?video|music video|lyrics?( video)?|live (performance|at|on)|highlights|full (match|movie|episode)|episodes?|season|sneak peek|stand[- ]?up|sketch|parody|funny|prank|vlogs?|reacts?|reaction|behind the scenes|performs?|concert)\b/gi,
}

/** What a category is mostly saved for: outweighed by one cue in the title. */
const USUAL: Record<Category, Intent> = {
  Travel: 'visit',
  'Food & Drink': 'try',
  Learning: 'learn',
  Career: 'learn',
  Fitness: 'try',
  Entertainment: 'watch',
  Shopping: 'buy',
  Tech: 'learn',
  Misc: 'misc',
}
const TITLE_WEIGHT = 2
const OTHER_WEIGHT = 0.5
const USUAL_WEIGHT = 1.5
const OTHER_CUES_COUNTED = 2

/** What a person who saved it most likely wants to do: the cues in its text, and what its category is mostly for. */
export function intentOf(input: AnalysisInput, category: Category): Intent {
  const title = input.title ?? ''
  const other = [input.caption, input.description?.slice(0, 500), ...input.tags].join('. ')
  const usual = USUAL[category]
  let best: { intent: Intent; weight: number } = {
    intent: usual,
    weight: usual === 'misc' ? 0 : usualWeight(usual, title, other),
  }
  for (const intent of Object.keys(CUES) as (keyof typeof CUES)[]) {
    const weight = intent === usual ? best.weight : cueWeight(intent, title, other)
    if (weight > best.weight) best = { intent, weight }
  }
  return best.intent
}

const usualWeight = (intent: keyof typeof CUES, title: string, other: string): number =>
  USUAL_WEIGHT + cueWeight(intent, title, other)

function cueWeight(intent: keyof typeof CUES, title: string, other: string): number {
  const inTitle = title.match(CUES[intent]) ? TITLE_WEIGHT : 0
  return inTitle + Math.min(other.match(CUES[intent])?.length ?? 0, OTHER_CUES_COUNTED) * OTHER_WEIGHT
}
