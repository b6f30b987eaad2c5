"""What metadata documents are worth by their own standards: ISO 19139 and kin, DCAT in RDF, data.json."""
