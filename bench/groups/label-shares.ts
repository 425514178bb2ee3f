// How many members of a group say what its label says: a label that few of them say names a corner of the group.
import { type ClusterDocument, clauses, stem } from '../../src/clustering/names/terms.ts'

/**
 * For each half of an "A & B" label, or the whole of another one, the share of the members that have all of its words
 * in one text: the title, the topic, a tag, a subcategory or the author. `[]` for a label that only says what is mixed.
 */
export function labelShares(label: string, members: ClusterDocument[]): number[] {
  if (/ Mix$|^Mixed |^More /.test(label)) return []
  const isOne = members.some(({ subcategories }) => subcategories.includes(label))
  return (isOne ? [label] : label.split(' & ')).map(part => {
    const words = wordsOf(part)
    return (
      members.filter(member => textsOf(member).some(text => words.every(word => text.includes(word))))
        .length / members.length
    )
  })
}

const textsOf = ({ title, topic_main, tags, subcategories, author }: ClusterDocument) =>
  [title, topic_main, ...tags, ...subcategories, author].map(text => wordsOf(text ?? ''))

const wordsOf = (text: string): string[] => clauses(text).flat().map(stem)
