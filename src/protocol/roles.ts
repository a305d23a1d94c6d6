// What a running server can be (section 5.1, Figure 4), by name and by number.
//
// A pre-candidate asks whether it could win an election before it raises its term (thesis 9.6); to everyone else it is
// still a follower that hears no leader. The numbers are part of the fingerprint: a new role stands at the end.

export const roleTable = {
  follower: { code: 1, meaning: 'waits for a leader, and does what it says' },
  candidate: { code: 2, meaning: 'asks for the votes of a term' },
  leader: { code: 3, meaning: 'leads a term' },
  'pre-candidate': { code: 4, meaning: 'asks whether it could win an election, before it raises its term' },
} as const;

export type RoleName = keyof typeof roleTable;

export const roleNames: readonly RoleName[] = Object.keys(roleTable) as RoleName[];

/** The number of a role, for fingerprints and abstract states. */
export function roleCode(role: RoleName): number {
  switch (role) {
    case 'follower':
      return roleTable.follower.code;
    case 'leader':
      return roleTable.leader.code;
    case 'candidate':
      return roleTable.candidate.code;
    case 'pre-candidate':
      return roleTable['pre-candidate'].code;
  }
}
