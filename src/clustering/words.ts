import type { Words } from '../ground/http/openapi/words.ts'

/** What the room's parameters and fields mean. */
export const words: Words = {
  fields: {
    clusters: 'The clusters of this page.',
    label: 'Its name, made by Trove or given by the user.',
    'ClusterLabel.label': 'The name that it shall keep.',
    cluster_type: 'What most of its items are about.',
    short_description: 'What is in it, in a sentence.',
    item_count: 'How many items it has.',
    keywords: 'Words that tell it from the others, the most telling first.',
    sample_items: 'Three of its items, the most central first.',
    points: 'One for each item.',
    'Map.clusters': 'One for each cluster.',
    x: 'From left to right.',
    y: 'From bottom to top.',
    cluster_id: 'The cluster that it is in; null where it is in none.',
    'MapPoint.save_id': 'The save.',
  },
  parameters: {
    cluster_type: { text: 'Only clusters of this type.' },
    min_items: { text: 'Only clusters with at least so many items.' },
  },
}
