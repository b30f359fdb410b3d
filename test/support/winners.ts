/** The join of what was written: which states of one record may stand in both stores in the end. */

export interface Written {
  readonly side: 'elasticsearch' | 'cassandra'
  readonly version: number
}

/**
 * The states that may win: the greatest version; at one version the document, for Elasticsearch wins ties. Two rows of
 * one version are Cassandra's to order, and whichever was copied first is at home in Elasticsearch for good.
 */
export const winners = <T extends Written>(landed: readonly T[]): readonly T[] => {
  const newest = Math.max(...landed.map(({ version }) => version))
  const tied = landed.filter(({ version }) => version === newest)
  const documents = tied.filter(({ side }) => side === 'elasticsearch')
  return documents.length > 0 ? documents : tied
}
