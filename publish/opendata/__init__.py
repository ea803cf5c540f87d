"""What leaves the house as files of open standards: a data package with a DCAT entry, and figures for DHIS2.

``package`` writes all of an edition that may be handed out into ``outbox/exports/<edition>/``: CSV and Parquet with
``datapackage.json`` (Data Package and Table Schema, of Frictionless Data) and ``dcat.jsonld``. ``dhis2`` writes the figures of a
half-year as a ``dataValueSets`` payload. Both read an edition and nothing else, so what is masked or withheld there is so here;
``selection`` leaves out more: tables of single members, and text as branches typed it.
"""
