"""A test double of Cloud Storage: buckets, objects and resumable upload sessions on loopback.

It knows nothing of the product. Its JSON requests are held against Google's discovery document;
the sessions' own protocol, which no discovery document has, is written from
https://cloud.google.com/storage/docs/performing-resumable-uploads
"""

from tests.cloud_storage_double.double import CloudStorageDouble

__all__ = ["CloudStorageDouble"]
