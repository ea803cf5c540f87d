"""The entry of a package in a catalogue of open data: DCAT 3 (https://www.w3.org/TR/vocab-dcat-3) as JSON-LD."""

from typing import Any

from publish.opendata.descriptor import About

Node = dict[str, Any]

CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "spdx": "http://spdx.org/rdf/terms#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_HALF_YEARLY = "http://publications.europa.eu/resource/authority/frequency/ANNUAL_2"
_RESTRICTED = "http://publications.europa.eu/resource/authority/access-right/RESTRICTED"
_PUBLIC = "http://publications.europa.eu/resource/authority/access-right/PUBLIC"
_MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"


def describe_dataset(about: About, package: Node) -> Node:
    """Give the entry: the dataset with a distribution a file; without a licence it says that access is restricted.

    Args:
        about: what is said of the whole.
        package: ``datapackage.json`` as it was written.
    """
    name = f"urn:warehouse:{about.edition_id}"
    dataset: Node = {
        "@context": CONTEXT,
        "@id": name,
        "@type": "dcat:Dataset",
        "dcterms:identifier": about.edition_id,
        "dcterms:title": [_said(about.title_vi, "vi"), _said("Figures of a Women's Union district", "en")],
        "dcterms:description": [
            _said(str(package["description"]), "vi"),
            _said(
                "An empty cell is not reported, or withheld for smallness; 0 is reported none. No personal data.",
                "en",
            ),
        ],
        "dcterms:publisher": {"@type": "foaf:Agent", "foaf:name": about.publisher},
        "dcterms:language": "vi",
        "dcterms:modified": _instant(about.as_of.strftime("%Y-%m-%dT%H:%M:%SZ")),
        "dcterms:spatial": {"@type": "dcterms:Location", "dcterms:title": about.area},
        "dcterms:accrualPeriodicity": {"@id": _HALF_YEARLY},
        "dcterms:accessRights": {"@id": _PUBLIC if about.licence.path else _RESTRICTED},
        "dcat:keyword": [_said(word, "vi") for word in package["keywords"]],
        "dcat:version": package["version"],
        "dcat:distribution": [
            _distribution(name, resource, about) for resource in (*package["resources"], _DESCRIPTOR)
        ],
    }
    if about.issued_at:
        dataset["dcterms:issued"] = _instant(about.issued_at.strftime("%Y-%m-%dT%H:%M:%SZ"))
    if about.first_day:
        dataset["dcterms:temporal"] = {
            "@type": "dcterms:PeriodOfTime",
            "dcat:startDate": {"@type": "xsd:date", "@value": about.first_day},
            "dcat:endDate": {"@type": "xsd:date", "@value": about.last_day},
        }
    if about.licence.path:
        dataset["dcterms:license"] = {"@id": about.licence.path}
    return dataset


_DESCRIPTOR: Node = {
    "name": "datapackage",
    "path": "datapackage.json",
    "title": "Mô tả bộ số liệu",
    "mediatype": "application/json",
}


def _distribution(dataset: str, resource: Node, about: About) -> Node:
    distribution: Node = {
        "@id": f"{dataset}:{resource['name']}",
        "@type": "dcat:Distribution",
        "dcterms:title": _said(resource["title"], "vi"),
        # relative to the folder; a catalogue that the folder is put on the web for knows the address before it
        "dcat:downloadURL": {"@id": resource["path"]},
        "dcat:mediaType": {"@id": f"{_MEDIA_TYPES}{resource['mediatype']}"},
    }
    if "bytes" in resource:
        distribution["dcat:byteSize"] = resource["bytes"]
        distribution["spdx:checksum"] = {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
            "spdx:checksumValue": resource["hash"].removeprefix("sha256:"),
        }
    if about.licence.path:
        distribution["dcterms:license"] = {"@id": about.licence.path}
    return distribution


def _said(text: str, language: str) -> Node:
    return {"@language": language, "@value": text}


def _instant(text: str) -> Node:
    return {"@type": "xsd:dateTime", "@value": text}
