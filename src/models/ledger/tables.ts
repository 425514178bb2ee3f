import type { Table } from '../../ground/table.ts'

export const MODEL_TABLES: Record<string, Table> = {
  model_usage: { of: 'server', keeps: 'for good: a row a model and day' },
}
