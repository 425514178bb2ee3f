// How often the local analyser's category agrees with the one that a video's owner chose on YouTube.
// Usage: bun bench/categories.ts [rows.jsonl]   (rows: title, channel_title, category, tags)
import { readFileSync } from 'node:fs'
import { createLocalModels } from '../src/models/local/local.ts'
import type { Analysis, AnalysisInput } from '../src/models/models.ts'
import type { Category } from '../src/vocabulary.ts'

export interface LabelledVideo {
  video_id: string
  title: string
  channel_title: string
  category: string
  tags: string[]
}

/**
 * Which of our categories are right for a YouTube category; the first is the class that it counts under.
 * YouTube's say who publishes, ours what a person would file it under, so some have more than one right answer:
 * "Howto & Style" is make-up, clothes, crafts, cooking and exercise; a vlog ("People & Blogs") entertains or fits
 * nowhere; news fits nowhere or teaches; a video on science teaches or is about technology; a car review is about
 * something to buy or a machine; the travel shows are food tours for a good part; sport is watched or done.
 * Gaming, comedy, film, music and shows entertain, and Education teaches: nothing else counts there.
 */
export const RIGHT_CATEGORIES: Record<string, Category[]> = {
  Entertainment: ['Entertainment'],
  Music: ['Entertainment'],
  Comedy: ['Entertainment'],
  'Film & Animation': ['Entertainment'],
  Gaming: ['Entertainment'],
  Shows: ['Entertainment'],
  Sports: ['Entertainment', 'Fitness'],
  'People & Blogs': ['Misc', 'Entertainment'],
  'Pets & Animals': ['Misc', 'Entertainment'],
  'News & Politics': ['Misc', 'Learning'],
  'Nonprofits & Activism': ['Misc', 'Learning'],
  Education: ['Learning'],
  'Science & Technology': ['Tech', 'Learning'],
  'Autos & Vehicles': ['Tech', 'Shopping'],
  'Howto & Style': ['Shopping', 'Learning', 'Food & Drink', 'Fitness'],
  'Travel & Events': ['Travel', 'Food & Drink'],
}

export interface Agreement {
  rows: number
  /** Share of rows with a right category. */
  accuracy: number
  /** Mean over our categories of the share that is right: one answer for everything can't win it. */
  macro_recall: number
  /** Right and all, by the class that the rows count under. */
  classes: Record<string, { right: number; all: number }>
}

export const readVideos = (path: string): LabelledVideo[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line))

/** What the analyser may see: everything but the category. */
export const analysisInput = ({ title, channel_title, tags }: LabelledVideo): AnalysisInput => ({
  title,
  caption: null,
  description: null,
  audience: 'one',
  tags,
  author: channel_title,
  transcript: null,
})

export function agreement(videos: LabelledVideo[], answers: Category[]): Agreement {
  const classes: Agreement['classes'] = {}
  videos.forEach((video, index) => {
    const right = RIGHT_CATEGORIES[video.category]
    if (!right) throw new Error(`No right answer is written for the YouTube category ${video.category}`)
    const counted = classes[right[0]!] ?? { right: 0, all: 0 }
    classes[right[0]!] = counted
    counted.all++
    if (right.includes(answers[index]!)) counted.right++
  })
  const counts = Object.values(classes)
  const right = counts.reduce((sum, count) => sum + count.right, 0)
  return {
    rows: videos.length,
    accuracy: right / videos.length,
    macro_recall: counts.reduce((sum, count) => sum + count.right / count.all, 0) / counts.length,
    classes,
  }
}

/** The best that one answer for everything can reach. */
export const MOST_FREQUENT: Category = 'Entertainment'

/** The examples in src/models/local/categories.ts were written while looking at the other half's mistakes. */
export const isHeldOut = (video: LabelledVideo): boolean => video.video_id.charCodeAt(0) % 2 === 1

if (import.meta.main) {
  const path =
    process.argv[2] ?? new URL('../test/support/fixtures/youtube-videos.jsonl', import.meta.url).pathname
  const videos = readVideos(path)
  const models = createLocalModels()
  const start = performance.now()
  const answers: Category[] = []
  for (let from = 0; from < videos.length; from += 100) {
    const analyses = await models.analyse(videos.slice(from, from + 100).map(analysisInput))
    answers.push(...analyses.map(categoryOf))
    process.stderr.write(`\r${answers.length} of ${videos.length}`)
  }
  const perText = (performance.now() - start) / videos.length
  await models.close()
  process.stderr.write('\n')
  const heldOut = videos.flatMap((video, index) => (isHeldOut(video) ? [index] : []))
  for (const [name, rows] of [
    ['all rows', videos.map((_, index) => index)],
    ['held-out half', heldOut],
  ] as const) {
    const some = rows.map(index => videos[index]!)
    const local = agreement(
      some,
      rows.map(index => answers[index]!),
    )
    const constant = agreement(
      some,
      rows.map(() => MOST_FREQUENT),
    )
    console.log(`\n${name}: ${rows.length}`)
    console.table({ 'local analyser': figures(local), [`always ${MOST_FREQUENT}`]: figures(constant) })
    console.table(local.classes)
  }
  console.log(`${perText.toFixed(0)} ms a text`)
}

export function categoryOf(analysis: Analysis | Error): Category {
  if (analysis instanceof Error) throw analysis
  return analysis.category_high
}

function figures({ accuracy, macro_recall }: Agreement) {
  return { accuracy: accuracy.toFixed(3), 'macro recall': macro_recall.toFixed(3) }
}
