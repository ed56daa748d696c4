"""Everything stored, in Firestore: a file a collection."""
